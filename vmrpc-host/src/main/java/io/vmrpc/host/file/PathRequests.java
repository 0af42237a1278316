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

/** The requests that name paths. Shard's thread only. */
final class PathRequests {
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final int CACHED = 2;
    private final SessionFiles files;
    private final UnsafeBuffer path = CallBuffers.forPath();
    private final UnsafeBuffer secondPath = CallBuffers.forPath();
    private boolean mayAskCaches = true;

    PathRequests(final SessionFiles files) {
        this.files = files;
    }

    /** What {@link #pathAt} has found, ended by 0. */
    UnsafeBuffer path() {
        return path;
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

    void onPath(final Request request, final int offset, final boolean changes, final FileCall.Operation operation) throws FileFailure {
        submit(request, pathAt(request, offset, changes), operation);
    }

    ExportedFolder pathAt(final Request request, final int offset, final boolean changes) throws FileFailure {
        FileRequests.needs(request, offset);
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
    void onPaths(final Request request, final FileCall.Operation operation) throws FileFailure {
        FileRequests.needs(request, 8);
        final int first = FileRequests.word(request, 4);
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
    void makeLink(final Request request) throws FileFailure {
        FileRequests.needs(request, 8);
        final int length = FileRequests.word(request, 4);
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

    void access(final Request request) throws FileFailure {
        FileRequests.needs(request, 8);
        onPath(request, 8, (FileRequests.word(request, 0) & 2) != 0, PathOperations::access);
    }

    void exports(final Request request) {
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

    void stat(final Request request) throws FileFailure {
        final ExportedFolder export = pathAt(request, 8, false);
        final int flags = FileRequests.word(request, 0) & NO_FOLLOW;
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

    void open(final Request request) throws FileFailure {
        final ExportedFolder export = pathAt(request, 8, false);
        final int flags = FileRequests.word(request, 0);
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
}
