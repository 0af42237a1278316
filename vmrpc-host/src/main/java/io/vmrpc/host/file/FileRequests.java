package io.vmrpc.host.file;

import static io.vmrpc.file.FileProtocol.*;

import io.vmrpc.file.FileAttributesDescriptor;
import io.vmrpc.host.service.Request;
import io.vmrpc.natives.Errno;
import io.vmrpc.natives.Native;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Takes the requests of a session: checks every number of theirs, answers what the caches of the kernel hold, and hands the others to the pool. The
 * payload is the agent's own copy. Shard's thread only.
 */
final class FileRequests {
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private final SessionFiles files;
    private final UnsafeBuffer scratch = new UnsafeBuffer(ByteBuffer.allocateDirect(FileAttributesDescriptor.LENGTH));
    private final PathRequests paths;
    private final WatchRequests watches;

    FileRequests(final SessionFiles files) {
        this.files = files;
        paths = new PathRequests(files);
        watches = new WatchRequests(files);
    }

    void close() {
        watches.closeAll();
    }

    void onRequest(final Request request) {
        try {
            handle(request);
        } catch (final FileFailure e) {
            e.answer(request);
        }
    }

    private void handle(final Request request) throws FileFailure {
        switch (request.method()) {
            case READ -> read(request);
            case WRITE -> write(request);
            case STAT -> paths.stat(request);
            case ATTRIBUTES -> attributes(request);
            case EXPORTS -> paths.exports(request);
            case OPEN -> paths.open(request);
            case CLOSE -> close(request);
            case SYNC -> onHandle(request, 8, 0, HandleOperations::sync);
            case TRUNCATE -> onHandle(request, 16, OPEN_WRITE, HandleOperations::truncate);
            case LIST -> onHandle(request, 8, OPEN_READ, HandleOperations::list);
            case LOCK -> lock(request);
            case UNLOCK -> onHandle(request, 24, 0, HandleOperations::unlock);
            case COPY -> copy(request);
            case MAKE_FOLDER -> paths.onPath(request, 8, true, PathOperations::makeFolder);
            case REMOVE -> paths.onPath(request, 8, true, PathOperations::remove);
            case CHANGE -> paths.onPath(request, 24, true, PathOperations::change);
            case ACCESS -> paths.access(request);
            case READ_LINK -> paths.onPath(request, 8, false, PathOperations::readLink);
            case REAL_PATH -> paths.onPath(request, 8, false, PathOperations::realPath);
            case STORE -> paths.onPath(request, 8, false, PathOperations::store);
            case RENAME -> paths.onPaths(request, PathOperations::rename);
            case LINK -> paths.onPaths(request, PathOperations::link);
            case MAKE_LINK -> paths.makeLink(request);
            case WATCHER -> watches.open(request);
            case WATCH -> watches.add(request, paths.pathAt(request, 8, false), paths.path());
            case UNWATCH -> watches.remove(request);
            case CHANGES -> watches.await(request);
            case CLOSE_WATCHER -> watches.close(request);
            default -> throw new FileFailure(Errno.ENOSYS, "the service file has no method " + request.method() + ": use a newer agent");
        }
    }

    static int word(final Request request, final int offset) {
        return request.head().getInt(request.offset() + offset, ORDER);
    }

    private static long number(final Request request, final int offset) {
        return request.head().getLong(request.offset() + offset, ORDER);
    }

    static void needs(final Request request, final int length) throws FileFailure {
        if (request.length() < length) {
            throw FileFailure.malformed("the request has " + request.length() + " bytes and needs " + length);
        }
    }

    /** The file whose handle stands at 0; for the flags that the call needs it must be opened. */
    private OpenFile find(final Request request, final int length, final int flags) throws FileFailure {
        needs(request, length);
        return handle(request, 0, flags);
    }

    private OpenFile handle(final Request request, final int offset, final int flags) throws FileFailure {
        final OpenFile file = files.find(word(request, offset));
        if (file == null) {
            throw new FileFailure(Errno.ESTALE, "the handle names no open file of this session");
        }
        if ((file.flags & flags) != flags) {
            throw new FileFailure(Errno.EBADF, "the file is not open for " + (flags == OPEN_WRITE ? "writing" : "reading"));
        }
        return file;
    }

    private static long position(final Request request, final int offset) throws FileFailure {
        final long position = number(request, offset);
        if (position < 0) {
            throw FileFailure.malformed("position=" + position + " must not be negative");
        }
        return position;
    }

    private void onHandle(final Request request, final int length, final int flags, final FileCall.Operation operation) throws FileFailure {
        final OpenFile file = find(request, length, flags);
        final FileCall call = files.begin(request, operation);
        call.of(file);
        files.submit(call);
    }

    private void attributes(final Request request) throws FileFailure {
        final OpenFile file = find(request, 4, 0);
        FileFailure.check(Native.vmrpc_file_attributes(file.descriptor.number, scratch.addressOffset()), "statx(2)");
        request.reply(scratch, 0, FileAttributesDescriptor.LENGTH);
    }

    private void close(final Request request) throws FileFailure {
        final OpenFile file = find(request, 4, 0);
        final FileCall call = files.begin(request, HandleOperations.CLOSE_FILE);
        call.of(file);
        files.forget(file);
        files.submit(call);
    }

    private void read(final Request request) throws FileFailure {
        final OpenFile file = find(request, 16, OPEN_READ);
        final int length = word(request, 4);
        if (length < 0) {
            throw FileFailure.malformed("length=" + Integer.toUnsignedString(length) + " must be 0 to the payload capacity");
        }
        final long position = position(request, 8);
        final MutableDirectBuffer space = file.isIdle() ? request.claim() : null;
        if (space != null) {
            final long count = Native.vmrpc_file_read(file.descriptor.number, space.addressOffset(), Math.min(length, space.capacity()), position, 1);
            if (count >= 0) {
                request.replyClaimed((int)count);
                return;
            }
            if (count != -Errno.EAGAIN && count != -Errno.EOPNOTSUPP) {
                FileFailure.check(count, "read(2)");
            }
        }
        final FileCall call = files.begin(request, HandleOperations.READ_FILE);
        call.of(file);
        files.submit(call);
    }

    private void write(final Request request) throws FileFailure {
        final OpenFile file = find(request, WRITE_HEADER, OPEN_WRITE);
        final long position = number(request, 8);
        final boolean appends = (file.flags & OPEN_APPEND) != 0;
        if (appends ? position != APPEND : position < 0) {
            throw FileFailure.malformed("position=" + position + " must be " + (appends ? "-1, as the file is open for appending" : "0 or more"));
        }
        if (!writeAtOnce(request, file, position)) {
            final FileCall call = files.begin(request, HandleOperations::write);
            call.of(file);
            files.submit(call);
        }
    }

    /** Where the file system can, and the file does not grow: a bound of its size is counted in the pool. */
    private boolean writeAtOnce(final Request request, final OpenFile file, final long position) throws FileFailure {
        final int length = request.length() - WRITE_HEADER;
        if (!file.mayWriteAtOnce || !file.isIdle()) {
            return false;
        }
        if (file.export.usage.isCounting()) {
            FileFailure.check(Native.vmrpc_file_attributes(file.descriptor.number, scratch.addressOffset()), "statx(2)");
            if (position + length > scratch.getLong(FileAttributesDescriptor.SIZE, ORDER)) {
                return false;
            }
        }
        final long count = Native.vmrpc_file_write(file.descriptor.number, request.sharedAddress(WRITE_HEADER, length), length, position, 1);
        if (count == -Errno.EAGAIN || count == -Errno.EOPNOTSUPP) {
            file.mayWriteAtOnce = count == -Errno.EAGAIN;
            return false;
        }
        FileFailure.check(count, "write(2)");
        scratch.putLong(0, count, ORDER);
        scratch.putLong(8, position + count, ORDER);
        request.reply(scratch, 0, 16);
        return true;
    }

    private void copy(final Request request) throws FileFailure {
        final OpenFile source = find(request, 32, OPEN_READ);
        final OpenFile target = handle(request, 4, OPEN_WRITE);
        position(request, 8);
        position(request, 16);
        position(request, 24);
        final FileCall call = files.begin(request, HandleOperations::copy);
        call.from(source);
        call.of(target);
        files.submit(call);
    }

    private void lock(final Request request) throws FileFailure {
        final OpenFile file = find(request, 32, 0);
        final long waitMs = Integer.toUnsignedLong(word(request, 24));
        if (waitMs > HandleOperations.LONGEST_LOCK_MS) {
            throw FileFailure.malformed("a lock is awaited at most " + HandleOperations.LONGEST_LOCK_MS + " ms: ask again after that");
        }
        final FileCall call = files.begin(request, HandleOperations.LOCK_FILE);
        call.untilNs = System.nanoTime() + waitMs * 1_000_000;
        call.of(file);
        files.submit(call);
    }
}
