package io.vmrpc.host.file;

import static io.vmrpc.file.FileProtocol.*;

import io.vmrpc.file.FileAttributesDescriptor;
import io.vmrpc.host.service.Request;
import io.vmrpc.natives.Errno;
import io.vmrpc.natives.Native;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Takes the requests of a session: checks every number of theirs, answers what the caches of the kernel hold, and hands the others to the pool. The
 * payload is the agent's own copy. Shard's thread only.
 */
final class FileRequests {
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final int CACHED = 2;
    private final SessionFiles files;
    private final UnsafeBuffer path = CallBuffers.forPath();
    private final UnsafeBuffer secondPath = CallBuffers.forPath();
    private final WatchRequests watches;
    private boolean mayAskCaches = true;

    FileRequests(final SessionFiles files) {
        this.files = files;
        watches = new WatchRequests(files);
    }

    void close() {
        watches.closeAll();
    }

    void onRequest(final Request request) {
        try {
            handle(request);
        } catch (final FileFailure e) {
            request.fail(e.status(), e.errno(), e.getMessage());
        }
    }

    private void handle(final Request request) throws FileFailure {
        switch (request.method()) {
            case READ -> read(request);
            case WRITE -> write(request);
            case STAT -> stat(request);
            case ATTRIBUTES -> attributes(request);
            case EXPORTS -> exports(request);
            case OPEN -> open(request);
            case CLOSE -> close(request);
            case SYNC -> onHandle(request, 8, 0, HandleOperations::sync);
            case TRUNCATE -> onHandle(request, 16, OPEN_WRITE, HandleOperations::truncate);
            case LIST -> onHandle(request, 8, OPEN_READ, HandleOperations::list);
            case LOCK -> lock(request);
            case UNLOCK -> onHandle(request, 24, 0, HandleOperations::unlock);
            case COPY -> copy(request);
            case MAKE_FOLDER -> onPath(request, 8, true, PathOperations::makeFolder);
            case REMOVE -> onPath(request, 8, true, PathOperations::remove);
            case CHANGE -> onPath(request, 24, true, PathOperations::change);
            case ACCESS -> access(request);
            case READ_LINK -> onPath(request, 8, false, PathOperations::readLink);
            case REAL_PATH -> onPath(request, 8, false, PathOperations::realPath);
            case STORE -> onPath(request, 8, false, PathOperations::store);
            case RENAME -> onPaths(request, PathOperations::rename);
            case LINK -> onPaths(request, PathOperations::link);
            case MAKE_LINK -> makeLink(request);
            case WATCHER -> watches.open(request);
            case WATCH -> watches.add(request, pathAt(request, 8, false), path);
            case UNWATCH -> watches.remove(request);
            case CHANGES -> watches.await(request);
            case CLOSE_WATCHER -> watches.close(request);
            default -> throw new FileFailure(Errno.ENOSYS, "the service file has no method " + request.method() + ": use a newer agent");
        }
    }

    private static int word(final Request request, final int offset) {
        return request.payload().getInt(request.offset() + offset, ORDER);
    }

    private static long number(final Request request, final int offset) {
        return request.payload().getLong(request.offset() + offset, ORDER);
    }

    private static void needs(final Request request, final int length) throws FileFailure {
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
        if (file == null || (file.flags & flags) != flags) {
            throw new FileFailure(Errno.EBADF, file == null ? "the handle names no open file of this session"
                : "the file is not open for " + (flags == OPEN_WRITE ? "writing" : "reading"));
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

    /** Finds the export that a path begins with, and copies the rest of the path, ended by 0, for openat2. */
    private ExportedFolder locate(final Request request, final int offset, final int length, final UnsafeBuffer rest) throws FileFailure {
        if (length < 1 || length > MAX_PATH) {
            throw new FileFailure(length < 1 ? Errno.ENOENT : Errno.ENAMETOOLONG, "a path has 1 to " + MAX_PATH + " bytes");
        }
        final DirectBuffer payload = request.payload();
        final int start = request.offset() + offset;
        int name = 0;
        while (name < length && payload.getByte(start + name) != '/') {
            name++;
        }
        for (final ExportedFolder export : files.exports()) {
            if (export.isNamed(payload, start, name)) {
                final int from = Math.min(name + 1, length);
                text(payload, start + from, length - from, rest);
                return export;
            }
        }
        throw new FileFailure(Errno.ENOENT, "this host exports no folder of that name to this guest: its operator can add it to the policy");
    }

    private static void text(final DirectBuffer from, final int offset, final int length, final UnsafeBuffer to) throws FileFailure {
        for (int i = 0; i < length; i++) {
            if (from.getByte(offset + i) == 0) {
                throw FileFailure.malformed("a path must not have a byte 0 in it");
            }
        }
        to.putBytes(0, from, offset, length);
        to.putByte(length, (byte)0);
    }

    private void onHandle(final Request request, final int length, final int flags, final FileCall.Operation operation) throws FileFailure {
        final OpenFile file = find(request, length, flags);
        final FileCall call = files.begin(request, operation);
        call.of(file);
        files.submit(call);
    }

    private void onPath(final Request request, final int offset, final boolean changes, final FileCall.Operation operation) throws FileFailure {
        submit(request, pathAt(request, offset, changes), operation);
    }

    private ExportedFolder pathAt(final Request request, final int offset, final boolean changes) throws FileFailure {
        needs(request, offset);
        final ExportedFolder export = locate(request, offset, request.length() - offset, path);
        export.root();
        if (changes) {
            export.requireWritable();
        }
        return export;
    }

    private void submit(final Request request, final ExportedFolder export, final FileCall.Operation operation) throws FileFailure {
        final FileCall call = files.begin(request, operation);
        call.in(export);
        call.buffers.path(0, path);
        files.submit(call);
    }

    /** u32 flags, u32 length of the first path, both paths. */
    private void onPaths(final Request request, final FileCall.Operation operation) throws FileFailure {
        needs(request, 8);
        final int first = word(request, 4);
        if (first < 0 || first > request.length() - 8) {
            throw FileFailure.malformed("the first path's length=" + Integer.toUnsignedString(first) + " is beyond the request");
        }
        final ExportedFolder from = locate(request, 8, first, path);
        final ExportedFolder to = locate(request, 8 + first, request.length() - 8 - first, secondPath);
        from.requireWritable();
        to.requireWritable();
        if (from != to) {
            throw new FileFailure(Errno.EXDEV, "the paths are in two exports: copy, then remove");
        }
        from.root();
        final FileCall call = files.begin(request, operation);
        call.in(from);
        call.buffers.path(0, path);
        call.buffers.path(1, secondPath);
        files.submit(call);
    }

    /** u32 0, u32 length of the target, the target, the path. */
    private void makeLink(final Request request) throws FileFailure {
        needs(request, 8);
        final int length = word(request, 4);
        if (length < 1 || length > Math.min(request.length() - 8, MAX_PATH)) {
            throw FileFailure.malformed("the target's length=" + Integer.toUnsignedString(length) + " is not within the request");
        }
        if (request.payload().getByte(request.offset() + 8) == '/') {
            throw new FileFailure(Errno.EPERM, "a symbolic link must be relative: an absolute one would lead out of the export");
        }
        final ExportedFolder export = pathAt(request, 8 + length, true);
        text(request.payload(), request.offset() + 8, length, secondPath);
        final FileCall call = files.begin(request, PathOperations::makeLink);
        call.in(export);
        call.buffers.path(0, path);
        call.buffers.path(1, secondPath);
        files.submit(call);
    }

    private void access(final Request request) throws FileFailure {
        needs(request, 8);
        onPath(request, 8, (word(request, 0) & 2) != 0, PathOperations::access);
    }

    private void exports(final Request request) {
        final MutableDirectBuffer reply = secondPath;
        int length = 0;
        for (final ExportedFolder each : files.exports()) {
            final int name = each.export.name().length();
            if (length + 8 + name > Math.min(reply.capacity(), 1024)) {
                break; // the others can be used, and are not told of
            }
            reply.putInt(length, each.export.isReadOnly() ? EXPORT_READ_ONLY : 0, ORDER);
            reply.putInt(length + 4, name, ORDER);
            length += 8 + reply.putStringWithoutLengthAscii(length + 8, each.export.name());
        }
        request.reply(reply, 0, length);
    }

    private void stat(final Request request) throws FileFailure {
        final ExportedFolder export = pathAt(request, 8, false);
        final int flags = word(request, 0) & NO_FOLLOW;
        final MutableDirectBuffer space = mayAskCaches ? request.claim() : null;
        if (space != null && space.capacity() >= FileAttributesDescriptor.LENGTH) {
            final int result = Native.vmrpc_file_stat(export.root().number, path.addressOffset(), flags | CACHED, space.addressOffset());
            mayAskCaches = result != -Errno.EINVAL; // a kernel that does not know RESOLVE_CACHED
            if (result != -Errno.EAGAIN && result != -Errno.EINVAL) {
                FileFailure.check(result, "openat2(2)");
                request.replyClaimed(FileAttributesDescriptor.LENGTH);
                return;
            }
        }
        submit(request, export, PathOperations::stat);
    }

    private void attributes(final Request request) throws FileFailure {
        final OpenFile file = find(request, 4, 0);
        FileFailure.check(Native.vmrpc_file_attributes(file.descriptor.number, path.addressOffset()), "statx(2)");
        request.reply(path, 0, FileAttributesDescriptor.LENGTH);
    }

    private void open(final Request request) throws FileFailure {
        final ExportedFolder export = pathAt(request, 8, false);
        final int flags = word(request, 0);
        if ((flags & ~OPEN_FLAGS) != 0 || (flags & (OPEN_READ | OPEN_WRITE)) == 0 ||
            (flags & (OPEN_APPEND | OPEN_TRUNCATE | OPEN_CREATE | OPEN_CREATE_NEW)) != 0 && (flags & OPEN_WRITE) == 0) {
            throw FileFailure.malformed("flags=" + Integer.toUnsignedString(flags) + " is no way to open a file");
        }
        if ((flags & OPEN_WRITE) != 0) {
            export.requireWritable();
        }
        files.reserveHandle(export);
        try {
            submit(request, export, PathOperations.OPEN_FILE);
        } catch (final FileFailure e) {
            export.handles--;
            throw e;
        }
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
            FileFailure.check(Native.vmrpc_file_attributes(file.descriptor.number, path.addressOffset()), "statx(2)");
            if (position + length > path.getLong(FileAttributesDescriptor.SIZE, ORDER)) {
                return false;
            }
        }
        final long data = request.payload().addressOffset() + request.offset() + WRITE_HEADER;
        final long count = Native.vmrpc_file_write(file.descriptor.number, data, length, position, 1);
        if (count == -Errno.EAGAIN || count == -Errno.EOPNOTSUPP) {
            file.mayWriteAtOnce = count == -Errno.EAGAIN;
            return false;
        }
        FileFailure.check(count, "write(2)");
        path.putLong(0, count, ORDER);
        path.putLong(8, position + count, ORDER);
        request.reply(path, 0, 16);
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
