package io.vmrpc.host.file;

import io.vmrpc.file.FileAttributesDescriptor;
import io.vmrpc.file.FileProtocol;
import io.vmrpc.natives.Errno;
import io.vmrpc.natives.Native;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;

/** What is done with open files, in the pool. */
final class HandleOperations {
    /** How long one request awaits a lock at most. */
    static final int LONGEST_LOCK_MS = 1000;
    private static final int LONGEST_PAUSE_MS = 20;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    static final FileCall.SharedOperation READ_FILE = HandleOperations::read;
    static final FileCall.Operation CLOSE_FILE = new CloseFile();
    static final FileCall.Operation LOCK_FILE = new LockFile();

    private HandleOperations() {
    }

    private static int fd(final FileCall call) {
        return call.file.descriptor.number;
    }

    private static int read(final FileCall call) throws FileFailure {
        final int length = Math.min(call.word(4), call.capacity);
        return (int)FileFailure.check(Native.vmrpc_file_read(fd(call), call.reply().addressOffset(), length, call.number(8), 0), "read(2)");
    }

    private static long size(final FileCall call) throws FileFailure {
        FileFailure.check(Native.vmrpc_file_attributes(fd(call), call.reply().addressOffset()), "statx(2)");
        return call.reply().getLong(FileAttributesDescriptor.SIZE, ORDER);
    }

    /** What a file grows by if it is written up to there, taken from the quota. */
    private static long takeGrowth(final FileCall call, final long position, final long length) throws FileFailure {
        final Usage usage = call.file.export.usage;
        if (!usage.isCounting()) {
            return 0;
        }
        final long size = size(call);
        final long end = (position == FileProtocol.APPEND ? size : position) + length;
        if (end < 0) {
            throw new FileFailure(Errno.EFBIG, "no file can have so many bytes");
        }
        final long growth = Math.max(0, end - size);
        if (growth > 0) {
            usage.take(growth, 0);
        }
        return growth;
    }

    /** What did not become a part of the file is given back. */
    private static void giveRest(final FileCall call, final long growth, final long asked, final long done) {
        if (growth > 0 && done < asked) {
            call.file.export.usage.give(Math.min(growth, asked - Math.max(0, done)), 0);
        }
    }

    static int write(final FileCall call) throws FileFailure {
        final int length = call.length - FileProtocol.WRITE_HEADER;
        final long position = call.number(8);
        final long growth = takeGrowth(call, position, length);
        final long data = call.buffers.request.addressOffset() + FileProtocol.WRITE_HEADER;
        final long count = Native.vmrpc_file_write(fd(call), data, length, position, 0);
        giveRest(call, growth, length, count);
        FileFailure.check(count, "write(2)");
        call.reply().putLong(0, count, ORDER);
        call.reply().putLong(8, position == FileProtocol.APPEND ? Native.vmrpc_file_position(fd(call)) : position + count, ORDER);
        return 16;
    }

    static int copy(final FileCall call) throws FileFailure {
        final long length = Math.min(call.number(24), 1L << 30);
        final long growth = takeGrowth(call, call.number(16), length);
        final long count = Native.vmrpc_file_copy(call.source.descriptor.number, call.number(8), fd(call), call.number(16), length);
        giveRest(call, growth, length, count);
        call.reply().putLong(0, FileFailure.check(count, "copy_file_range(2)"), ORDER);
        return Long.BYTES;
    }

    static int sync(final FileCall call) throws FileFailure {
        final boolean isDataOnly = (call.word(4) & FileProtocol.SYNC_DATA) != 0;
        FileFailure.check(Native.vmrpc_file_sync(fd(call), isDataOnly ? 1 : 0), "fsync(2)");
        return 0;
    }

    static int truncate(final FileCall call) throws FileFailure {
        final long to = call.number(8);
        if (to < 0) {
            throw FileFailure.malformed("size=" + to + " must not be negative");
        }
        final long size = size(call);
        final Usage usage = call.file.export.usage;
        usage.take(Math.max(0, to - size), 0);
        final int result = Native.vmrpc_file_truncate(fd(call), to);
        if (result < 0) {
            usage.give(Math.max(0, to - size), 0);
        } else {
            usage.give(Math.max(0, size - to), 0);
        }
        FileFailure.check(result, "ftruncate(2)");
        return 0;
    }

    static int list(final FileCall call) throws FileFailure {
        final int rewinds = (call.word(4) & FileProtocol.LIST_REWIND) != 0 ? 1 : 0;
        return (int)FileFailure.check(Native.vmrpc_file_list(fd(call), call.reply().addressOffset(), call.capacity, rewinds), "getdents64(2)");
    }

    private static int lock(final FileCall call, final int type) {
        return Native.vmrpc_file_lock(fd(call), type, call.number(8), call.number(16));
    }

    static int unlock(final FileCall call) throws FileFailure {
        checkRange(call);
        FileFailure.check(lock(call, 0), "fcntl(F_OFD_SETLK)");
        return 0;
    }

    /** To fcntl(2) a length of 0 means up to the end, whatever the file becomes. */
    private static void checkRange(final FileCall call) throws FileFailure {
        final long position = call.number(8);
        final long length = call.number(16);
        if (position < 0 || length < 0 || position + length < 0) {
            throw FileFailure.malformed("a lock from position=" + position + " of length=" + length + " must be within 0 to 2^63-1");
        }
    }

    private static final class CloseFile implements FileCall.Operation {
        @Override
        public int run(final FileCall call) {
            call.file.export.usage.closing(call.file);
            call.file.descriptor.release(); // the session's use; the call's own follows, and that closes it
            return 0;
        }

        @Override
        public boolean settle(final FileCall call) {
            call.file.export.handles--;
            call.release(); // locks are gone when the guest is told
            call.answer();
            return true;
        }
    }

    private static final class LockFile implements FileCall.Operation {
        @Override
        public int run(final FileCall call) throws FileFailure {
            checkRange(call);
            final boolean isShared = (call.word(4) & FileProtocol.LOCK_SHARED) != 0;
            final int result = lock(call, isShared ? 1 : 2);
            if (result == -Errno.EAGAIN || result == -Errno.EACCES) {
                throw new FileFailure(Errno.EAGAIN, "another has a lock there");
            }
            FileFailure.check(result, "fcntl(F_OFD_SETLK)");
            return 0;
        }

        @Override
        public boolean settle(final FileCall call) {
            final boolean isTaken = call.failure() != null && call.failure().errno() == Errno.EAGAIN;
            if (isTaken && call.answer.isOutstanding() && System.nanoTime() - call.untilNs < 0) {
                call.attempts++;
                call.files.turnEnded(call);
                call.files.loop().schedule(() -> call.files.submit(call), Math.min(call.attempts, LONGEST_PAUSE_MS), TimeUnit.MILLISECONDS);
                return false;
            }
            if (call.failure() == null && !call.answer.isOutstanding()) {
                lock(call, 0); // cancelled meanwhile: nobody knows of it
            }
            call.answer();
            return true;
        }
    }
}
