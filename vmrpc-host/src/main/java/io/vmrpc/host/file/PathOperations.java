package io.vmrpc.host.file;

import static io.vmrpc.file.FileProtocol.*;

import io.vmrpc.file.FileAttributesDescriptor;
import io.vmrpc.natives.Errno;
import io.vmrpc.natives.Native;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/** What is done with paths, in the pool. */
final class PathOperations {
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final int ATTEMPTS = 16;
    private static final int FOLDER = 0x4000;
    private static final int TYPE = 0xf000;
    static final FileCall.Operation OPEN_FILE = new OpenFileOperation();

    private PathOperations() {
    }

    static int stat(final FileCall call) throws FileFailure {
        final int flags = call.word(0) & NO_FOLLOW;
        FileFailure.check(Native.vmrpc_file_stat(call.root(), call.buffers.path(), flags, call.reply().addressOffset()), "openat2(2)");
        return FileAttributesDescriptor.LENGTH;
    }

    static int makeFolder(final FileCall call) throws FileFailure {
        call.export.usage.take(0, 1);
        return made(call, Native.vmrpc_file_make_folder(call.root(), call.buffers.path(), call.word(4)), "mkdirat(2)");
    }

    static int makeLink(final FileCall call) throws FileFailure {
        call.export.usage.take(0, 1);
        return made(call, Native.vmrpc_file_make_link(call.root(), call.buffers.path(), call.buffers.secondPath()), "symlinkat(2)");
    }

    private static int made(final FileCall call, final int result, final String what) throws FileFailure {
        if (result < 0) {
            call.export.usage.give(0, 1);
        }
        FileFailure.check(result, what);
        return 0;
    }

    static int remove(final FileCall call) throws FileFailure {
        final UnsafeBuffer was = call.reply();
        FileFailure.check(Native.vmrpc_file_remove(call.root(), call.buffers.path(), call.word(0), was.addressOffset()), "unlinkat(2)");
        removed(call, was);
        return 0;
    }

    private static void removed(final FileCall call, final UnsafeBuffer was) {
        call.export.usage.removed(was.getLong(FileAttributesDescriptor.INODE, ORDER), was.getInt(FileAttributesDescriptor.LINKS, ORDER),
            (was.getInt(FileAttributesDescriptor.MODE, ORDER) & TYPE) == FOLDER, was.getLong(FileAttributesDescriptor.SIZE, ORDER));
    }

    static int rename(final FileCall call) throws FileFailure {
        final boolean replaces = (call.word(0) & RENAME_REPLACE) != 0;
        final UnsafeBuffer was = call.reply();
        final boolean isCounting = replaces && call.export.usage.isCounting();
        final long source = isCounting ? inode(call, call.buffers.path()) : 0;
        final long target = isCounting ? inode(call, call.buffers.secondPath()) : 0; // its attributes stay in `was`
        FileFailure.check(Native.vmrpc_file_rename(call.root(), call.buffers.path(), call.root(), call.buffers.secondPath(), replaces ? 1 : 0),
            "renameat2(2)");
        if (target != 0 && target != source) {
            removed(call, was);
        }
        return 0;
    }

    /** 0 if there is none. */
    private static long inode(final FileCall call, final long path) {
        final boolean isThere = Native.vmrpc_file_stat(call.root(), path, NO_FOLLOW, call.reply().addressOffset()) == 0;
        return isThere ? call.reply().getLong(FileAttributesDescriptor.INODE, ORDER) : 0;
    }

    static int link(final FileCall call) throws FileFailure {
        FileFailure.check(Native.vmrpc_file_link(call.root(), call.buffers.path(), call.buffers.secondPath()), "linkat(2)");
        return 0;
    }

    static int readLink(final FileCall call) throws FileFailure {
        return (int)FileFailure.check(Native.vmrpc_file_read_link(call.root(), call.buffers.path(), call.reply().addressOffset(), call.capacity),
            "readlinkat(2)");
    }

    /** The export's name, and where in it the path leads. */
    static int realPath(final FileCall call) throws FileFailure {
        final UnsafeBuffer reply = call.reply();
        final int name = reply.putStringWithoutLengthAscii(0, call.export.export.name());
        final int rest = (int)FileFailure.check(Native.vmrpc_file_real_path(call.root(), call.buffers.path(), reply.addressOffset() + name + 1,
            call.capacity - name - 1), "readlink(2)");
        reply.putByte(name, (byte)'/');
        return rest == 0 ? name : name + 1 + rest;
    }

    static int change(final FileCall call) throws FileFailure {
        final int noFollow = call.word(0) & NO_FOLLOW;
        FileFailure.check(Native.vmrpc_file_change(call.root(), call.buffers.path(), noFollow, call.word(4), call.number(8), call.number(16)),
            "chmod(2) or utimensat(2)");
        return 0;
    }

    static int access(final FileCall call) throws FileFailure {
        FileFailure.check(Native.vmrpc_file_access(call.root(), call.buffers.path(), call.word(0)), "faccessat(2)");
        return 0;
    }

    /** i64 total, unallocated and usable bytes, i64 block size, u32 flags of the export, u32 0. */
    static int store(final FileCall call) throws FileFailure {
        final UnsafeBuffer reply = call.reply();
        FileFailure.check(Native.vmrpc_file_store(call.root(), reply.addressOffset()), "fstatfs(2)");
        final Usage usage = call.export.usage;
        reply.putLong(0, Math.min(reply.getLong(0, ORDER), call.export.export.bytes()), ORDER);
        reply.putLong(8, usage.freeBytes(reply.getLong(8, ORDER)), ORDER);
        reply.putLong(16, usage.freeBytes(reply.getLong(16, ORDER)), ORDER);
        reply.putLong(32, call.export.export.isReadOnly() ? EXPORT_READ_ONLY : 0, ORDER);
        return 40;
    }

    /** Answers u32 handle, u32 0, attributes. */
    private static final class OpenFileOperation implements FileCall.Operation {
        @Override
        public int run(final FileCall call) throws FileFailure {
            final int flags = call.word(0);
            final UnsafeBuffer reply = call.reply();
            call.opened = open(call, flags);
            final long attributes = reply.addressOffset() + 8;
            FileFailure.check(Native.vmrpc_file_attributes(call.opened, attributes), "statx(2)");
            if ((flags & OPEN_TRUNCATE) != 0 && reply.getLong(8 + FileAttributesDescriptor.SIZE, ORDER) > 0) {
                final long size = reply.getLong(8 + FileAttributesDescriptor.SIZE, ORDER);
                FileFailure.check(Native.vmrpc_file_truncate(call.opened, 0), "ftruncate(2)");
                call.export.usage.give(size, 0);
                FileFailure.check(Native.vmrpc_file_attributes(call.opened, attributes), "statx(2)");
            }
            return 8 + FileAttributesDescriptor.LENGTH;
        }

        /** A file that is made counts in the quota before it is made. */
        private static int open(final FileCall call, final int flags) throws FileFailure {
            final int makes = flags & (OPEN_CREATE | OPEN_CREATE_NEW);
            final Usage usage = call.export.usage;
            if (makes == 0 || !usage.isCounting()) {
                return (int)FileFailure.check(openat2(call, flags), "openat2(2)");
            }
            for (int i = 0; ; i++) {
                final int found = (makes & OPEN_CREATE_NEW) != 0 ? -Errno.ENOENT : openat2(call, flags & ~makes);
                if (found != -Errno.ENOENT) {
                    return (int)FileFailure.check(found, "openat2(2)");
                }
                usage.take(0, 1);
                final int made = openat2(call, flags | OPEN_CREATE_NEW);
                if (made >= 0) {
                    return made;
                }
                usage.give(0, 1);
                if (made != -Errno.EEXIST || (makes & OPEN_CREATE_NEW) != 0 || i == ATTEMPTS) {
                    FileFailure.check(made, "openat2(2)");
                }
            }
        }

        private static int openat2(final FileCall call, final int flags) {
            return Native.vmrpc_file_open(call.root(), call.buffers.path(), flags, call.word(4));
        }

        @Override
        public boolean settle(final FileCall call) {
            if (call.failure() == null && call.answer.isOutstanding()) {
                final long inode = call.reply().getLong(8 + FileAttributesDescriptor.INODE, ORDER);
                call.reply().putInt(0, call.files.put(call.export, call.opened, call.word(0), inode), ORDER);
                call.reply().putInt(4, 0, ORDER);
                call.opened = -1;
            } else {
                call.export.handles--;
            }
            call.answer();
            return true;
        }
    }
}
