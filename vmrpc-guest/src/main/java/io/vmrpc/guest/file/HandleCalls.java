package io.vmrpc.guest.file;

import static io.vmrpc.file.FileProtocol.*;

import io.vmrpc.error.AgentLostException;
import io.vmrpc.error.StatusException;
import io.vmrpc.error.VmrpcException;
import io.vmrpc.file.FileEntryDescriptor;
import io.vmrpc.file.FileNames;
import io.vmrpc.natives.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;

/** What the agent is asked about open files. Thread-safe. */
final class HandleCalls {
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    /** How long the agent keeps a request for a lock; other threads' calls need the channel, too. */
    private static final int LOCK_WAIT_MS = 50;
    private final Lanes lanes;

    HandleCalls(final Lanes lanes) {
        this.lanes = lanes;
    }

    private <T> T call(final Handle handle, final Lanes.Call<T> call) throws IOException {
        try {
            return lanes.call(lane -> {
                if (lane.session != handle.session()) {
                    throw new AgentLostException("the agent was lost since this file was opened, and the file with it: open it again");
                }
                return call.by(lane);
            });
        } catch (final VmrpcException e) {
            if (FileErrors.errno(e) == Errno.ESTALE) {
                throw new ClosedChannelException();
            }
            throw FileErrors.of(e, handle.path(), null);
        }
    }

    private int simple(final Handle handle, final int method, final int word, final int length) throws IOException {
        return call(handle, lane -> {
            lane.request.putInt(0, handle.id(), ORDER);
            lane.request.putInt(4, word, ORDER);
            return lane.call(method, length);
        });
    }

    /** Bytes read to the buffer's position, which stays; 0 at the end. */
    int read(final Handle handle, final ByteBuffer into, final long position) throws IOException {
        return call(handle, lane -> lane.transfer.read(handle.id(), into, position));
    }

    /** Bytes written from the buffer's position, which stays. */
    int write(final Handle handle, final ByteBuffer from, final long position) throws IOException {
        return call(handle, lane -> lane.transfer.write(handle.id(), from, position));
    }

    /** Bytes appended, and by {@code end[0]} where the file ends now. */
    int append(final Handle handle, final ByteBuffer from, final long[] end) throws IOException {
        return call(handle, lane -> {
            final int count = lane.transfer.write(handle.id(), from, APPEND);
            end[0] = lane.transfer.appendedTo();
            return count;
        });
    }

    /** What belongs to a session that has ended is closed. */
    void close(final Handle handle) throws IOException {
        try {
            simple(handle, CLOSE, 0, 4);
        } catch (final IOException e) {
            final boolean hasEnded = e.getCause() instanceof VmrpcException && !(e.getCause() instanceof StatusException);
            if (!hasEnded && !(e instanceof ClosedChannelException)) {
                throw e;
            }
        }
    }

    void sync(final Handle handle, final boolean isDataOnly) throws IOException {
        simple(handle, SYNC, isDataOnly ? SYNC_DATA : 0, 8);
    }

    void truncate(final Handle handle, final long size) throws IOException {
        call(handle, lane -> {
            lane.request.putInt(0, handle.id(), ORDER);
            lane.request.putLong(8, size, ORDER);
            return lane.call(TRUNCATE, 16);
        });
    }

    VmFileAttributes attributes(final Handle handle) throws IOException {
        return call(handle, lane -> {
            lane.request.putInt(0, handle.id(), ORDER);
            lane.call(ATTRIBUTES, 4);
            return new VmFileAttributes(handle.path().export(), lane.reply, 0);
        });
    }

    /** The next names of a folder; none at its end. */
    List<String> list(final Handle handle) throws IOException {
        return call(handle, lane -> {
            lane.request.putInt(0, handle.id(), ORDER);
            lane.request.putInt(4, 0, ORDER);
            return names(lane.reply, lane.call(LIST, 8));
        });
    }

    private static List<String> names(final DirectBuffer page, final int length) {
        final List<String> names = new ArrayList<>();
        for (int at = 0; at < length; ) {
            final byte[] name = new byte[page.getShort(at + FileEntryDescriptor.NAME_LENGTH, ORDER) & 0xffff];
            page.getBytes(at + FileEntryDescriptor.LENGTH, name);
            names.add(FileNames.text(name));
            at += FileEntryDescriptor.LENGTH + name.length;
        }
        return names;
    }

    /** Whether the lock was got; a wait may end without it, and is repeated by the caller. */
    boolean lock(final Handle handle, final long position, final long length, final boolean isShared, final boolean waits) throws IOException {
        return call(handle, lane -> {
            range(lane, handle, position, length);
            lane.request.putInt(4, isShared ? LOCK_SHARED : 0, ORDER);
            lane.request.putInt(24, waits ? LOCK_WAIT_MS : 0, ORDER);
            lane.request.putInt(28, 0, ORDER);
            try {
                lane.call(LOCK, 32);
                return true;
            } catch (final VmrpcException e) {
                if (FileErrors.errno(e) == Errno.EAGAIN) {
                    return false;
                }
                throw e;
            }
        });
    }

    void unlock(final Handle handle, final long position, final long length) throws IOException {
        call(handle, lane -> {
            range(lane, handle, position, length);
            return lane.call(UNLOCK, 24);
        });
    }

    private static void range(final Lane lane, final Handle handle, final long position, final long length) {
        lane.request.putInt(0, handle.id(), ORDER);
        lane.request.putInt(4, 0, ORDER);
        lane.request.putLong(8, position, ORDER);
        lane.request.putLong(16, length == Long.MAX_VALUE - position || length == Long.MAX_VALUE ? 0 : length, ORDER); // 0: to the end, as lock(2)
    }

    /** Bytes copied on the host, 0 at the source's end; -1 if the host cannot do it between these files. */
    long copy(final Handle from, final long fromPosition, final Handle to, final long toPosition, final long length) throws IOException {
        return call(to, lane -> {
            if (from.session() != to.session()) {
                return -1L;
            }
            lane.request.putInt(0, from.id(), ORDER);
            lane.request.putInt(4, to.id(), ORDER);
            lane.request.putLong(8, fromPosition, ORDER);
            lane.request.putLong(16, toPosition, ORDER);
            lane.request.putLong(24, length, ORDER);
            try {
                lane.call(COPY, 32);
                return lane.reply.getLong(0, ORDER);
            } catch (final VmrpcException e) {
                final int errno = FileErrors.errno(e);
                if (errno == Errno.EXDEV || errno == Errno.EINVAL || errno == Errno.EOPNOTSUPP || errno == Errno.ENOSYS) {
                    return -1L;
                }
                throw e;
            }
        });
    }
}
