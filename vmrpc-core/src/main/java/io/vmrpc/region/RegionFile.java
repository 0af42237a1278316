package io.vmrpc.region;

import static io.vmrpc.natives.Native.*;

import io.vmrpc.natives.Errno;
import io.vmrpc.natives.Native;
import java.io.IOException;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * An open, locked and mapped file. Closing it unmaps: nobody may touch {@link #buffer()} afterwards.
 */
final class RegionFile implements AutoCloseable {
    private final int fd;
    private final long address;
    private final long length;
    private final UnsafeBuffer buffer;

    private RegionFile(final int fd, final long address, final long length) {
        this.fd = fd;
        this.address = address;
        this.length = length;
        this.buffer = new UnsafeBuffer(address, (int)length);
    }

    /** Opens and maps; {@code length} 0 means as long as the file is. */
    static RegionFile open(final Path path, final boolean create, final long length, final int lock) throws IOException {
        ensureAvailable();
        return map(path, openFd(path, create, length), length, lock);
    }

    /** Maps a PCI device's BAR from sysfs, which has no owner or type to check. */
    static RegionFile device(final Path resource, final int lock) throws IOException {
        ensureAvailable();
        final long fd = Errno.check(vmrpc_device_open(resource.toString()), "open(" + resource + ")");
        return map(resource, (int)fd, 0, lock);
    }

    private static int openFd(final Path path, final boolean create, final long length) throws IOException {
        final int fd = vmrpc_region_open(path.toString(), create ? 1 : 0, length);
        switch (-fd) {
            case Errno.ENOENT -> throw new RegionException(create ? "the folder of region " + path + " does not exist: create it, or name a file under /dev/shm"
                : "region " + path + " does not exist: start the agent first, it creates it");
            case Errno.ELOOP -> throw new RegionException("region " + path + " is a symbolic link: name the file itself");
            case Errno.EMEDIUMTYPE -> throw new RegionException("region " + path + " is not a regular file: name a file under /dev/shm");
            case Errno.EPERM -> throw new RegionException("region " + path + " belongs to another user: run as its owner or remove it");
            default -> Errno.check(fd, "open(" + path + ")");
        }
        return fd;
    }

    private static RegionFile map(final Path path, final int fd, final long length, final int lock) throws IOException {
        try {
            if (lock >= 0) {
                lock(path, fd, lock);
            }
            final long size = Errno.check(vmrpc_file_size(fd), "fstat(" + path + ")");
            if (length != 0 && size != length) {
                throw new RegionException("region " + path + " is " + size + " bytes long and not " + length +
                    ": it is no region of this geometry; name another file, or start the agent with the geometry it was made for");
            }
            if (size < 1 << 16 || size > 1 << 30) {
                throw new RegionException("region " + path + " is " + size +
                    " bytes long, outside 64 KiB to 1 GiB: it is truncated or no VMRPC region; remove it and start the agent again");
            }
            return new RegionFile(fd, Errno.check(vmrpc_map(fd, size), "mmap(" + path + ")"), size);
        } catch (final IOException | RuntimeException e) {
            vmrpc_close(fd);
            throw e;
        }
    }

    private static void lock(final Path path, final int fd, final int role) throws IOException {
        final int result = vmrpc_lock(fd, role);
        if (result == -Errno.EAGAIN || result == -Errno.EACCES) {
            throw new RegionException("region " + path + " already has " + ROLES[role] + ": stop that process first");
        }
        Errno.check(result, "fcntl(F_OFD_SETLK, " + path + ")");
    }

    private static final String[] ROLES = {"an agent", "a shim (a running VM or loopback guest)", "a guest process"};

    /** {@return whether the byte is ours now} */
    boolean tryLock(final int offset) throws IOException {
        final int result = vmrpc_lock(fd, offset);
        if (result == -Errno.EAGAIN || result == -Errno.EACCES) {
            return false;
        }
        Errno.check(result, "fcntl(F_OFD_SETLK)");
        return true;
    }

    void unlock(final int offset) {
        Native.vmrpc_unlock(fd, offset);
    }

    UnsafeBuffer buffer() {
        return buffer;
    }

    long address() {
        return address;
    }

    long length() {
        return length;
    }

    @Override
    public void close() {
        Native.vmrpc_unmap(address, length);
        vmrpc_close(fd);
    }
}
