package io.vmrpc.natives;

import com.sun.jna.NativeLibrary;

/**
 * Functions of {@code libvmrpc.so}, bound by JNA direct mapping.
 *
 * <p>Functions that return {@code int} or {@code long} return a negative errno on failure; {@link Errno#check} turns it
 * into an exception. All are thread-safe. Documentation of each: {@code native/lib/vmrpc.h}.
 */
public final class Native {
    /** Ordinary scheduling policy, sched(7). */
    public static final int SCHED_OTHER = 0;
    /** Real-time policy, priorities 1 to 99, sched(7). */
    public static final int SCHED_FIFO = 1;
    private static final Throwable UNAVAILABILITY;

    static {
        Throwable cause = null;
        try {
            com.sun.jna.Native.register(Native.class, NativeLibrary.getInstance("vmrpc"));
            final int version = vmrpc_abi_version();
            if (version != io.vmrpc.layout.Protocol.VERSION) {
                throw new UnsatisfiedLinkError("libvmrpc.so speaks version " +
                    io.vmrpc.layout.Protocol.versionText(version) + ", this jar " +
                    io.vmrpc.layout.Protocol.versionText(io.vmrpc.layout.Protocol.VERSION) + ": use the same build of both");
            }
        } catch (final UnsatisfiedLinkError | NoClassDefFoundError e) {
            cause = e;
        }
        UNAVAILABILITY = cause;
    }

    private Native() {
    }

    /**
     * Why the native library could not be loaded.
     *
     * @return null if it is there.
     */
    public static Throwable unavailabilityCause() {
        return UNAVAILABILITY;
    }

    /** Throws {@link UnsatisfiedLinkError} with the cause if the native library is not there. */
    public static void ensureAvailable() {
        if (UNAVAILABILITY != null) {
            throw (UnsatisfiedLinkError)new UnsatisfiedLinkError("libvmrpc.so cannot be loaded (" + UNAVAILABILITY.getMessage() +
                "): build it with ./vmrpc or set -Djna.library.path to its folder").initCause(UNAVAILABILITY);
        }
    }

    public static native int vmrpc_abi_version();

    public static native int vmrpc_region_open(String path, int create, long length);

    public static native int vmrpc_device_open(String path);

    public static native long vmrpc_file_size(int fd);

    public static native int vmrpc_lock(int fd, int offset);

    public static native int vmrpc_unlock(int fd, int offset);

    public static native long vmrpc_map(int fd, long length);

    public static native int vmrpc_unmap(long address, long length);

    public static native int vmrpc_close(int fd);

    public static native int vmrpc_futex_wake(long address);

    public static native int vmrpc_eventfd();

    public static native int vmrpc_eventfd_signal(int fd);

    public static native int vmrpc_send_fd(int socket, byte[] bytes, int length, int fd);

    public static native int vmrpc_peer_uid(int socket);

    public static native long vmrpc_now_ns();

    public static native int vmrpc_gettid();

    public static native int vmrpc_set_affinity(int tid, byte[] mask, int length);

    public static native int vmrpc_get_affinity(int tid, byte[] mask, int length);

    public static native int vmrpc_set_scheduler(int tid, int policy, int priority);

    public static native int vmrpc_get_scheduler(int tid);

    public static native int vmrpc_lock_memory();

    public static native int vmrpc_get_memlock(int pid, long[] limits);

    public static native int vmrpc_set_memlock(int pid, long soft, long hard);

    public static native int vmrpc_set_timer_slack(long ns);

    public static native int vmrpc_sleep_ns(long ns);

    public static native int vmrpc_sleep_until_ns(long deadlineNs);

    public static native int vmrpc_grant_port();

    public static native long vmrpc_gate_open(String region, String socket, int slots, byte[] error, int errorLength);

    public static native void vmrpc_gate_close(long gate);

    public static native int vmrpc_park(long gate, int slot);

    public static native int vmrpc_doorbell(long gate);

    public static native int vmrpc_kick(long gate, int slot);

    public static native int vmrpc_interrupt_register();

    public static native int vmrpc_interrupt(int cpu);

    public static native int vmrpc_socket_open(int family, int type);

    public static native int vmrpc_socket_bind(int fd, long address);

    public static native int vmrpc_socket_connect(int fd, long address);

    public static native int vmrpc_socket_listen(int fd, int backlog);

    public static native int vmrpc_socket_accept(int fd, long peer);

    public static native int vmrpc_socket_name(int fd, int peer, long address);

    public static native long vmrpc_socket_receive(int fd, long data, long length, long more, long moreLength, long from);

    public static native long vmrpc_socket_send(int fd, long data, long length, long to);

    public static native int vmrpc_socket_shutdown(int fd, int how);

    public static native int vmrpc_socket_set(int fd, int family, int option, long value);

    public static native int vmrpc_socket_get(int fd, int family, int option, long value);

    public static native int vmrpc_socket_member(int fd, int join, long group, long source, String networkInterface);

    public static native int vmrpc_layout(byte[] out, int length);

    public static native int vmrpc_file_export(String folder);

    public static native int vmrpc_file_stat(int root, long path, int flags, long out);

    public static native int vmrpc_file_attributes(int fd, long out);

    public static native int vmrpc_file_open(int root, long path, int flags, int mode);

    public static native long vmrpc_file_read(int fd, long data, long length, long position, int nowait);

    public static native long vmrpc_file_write(int fd, long data, long length, long position, int nowait);

    public static native long vmrpc_file_position(int fd);

    public static native int vmrpc_file_sync(int fd, int dataOnly);

    public static native int vmrpc_file_truncate(int fd, long size);

    public static native long vmrpc_file_copy(int from, long fromPosition, int to, long toPosition, long length);

    public static native int vmrpc_file_lock(int fd, int type, long position, long length);

    public static native int vmrpc_file_make_folder(int root, long path, int mode);

    public static native int vmrpc_file_make_link(int root, long path, long target);

    public static native int vmrpc_file_remove(int root, long path, int flags, long out);

    public static native int vmrpc_file_rename(int fromRoot, long from, int toRoot, long to, int replace);

    public static native int vmrpc_file_link(int root, long existing, long path);

    public static native int vmrpc_file_read_link(int root, long path, long out, int length);

    public static native int vmrpc_file_real_path(int root, long path, long out, int length);

    public static native int vmrpc_file_change(int root, long path, int noFollow, int mode, long accessedNs, long modifiedNs);

    public static native int vmrpc_file_access(int root, long path, int bits);

    public static native int vmrpc_file_store(int root, long out);

    public static native int vmrpc_file_list(int fd, long out, int length, int rewinds);

    public static native int vmrpc_watch_open();

    public static native int vmrpc_watch_add(int fd, int root, long path, int bits);

    public static native int vmrpc_watch_remove(int fd, int watch);

    public static native int vmrpc_watch_read(int fd, long out, int length);
}
