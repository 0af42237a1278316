package io.vmrpc.guest.file;

import static io.vmrpc.file.FileProtocol.*;

import io.vmrpc.error.VmrpcException;
import io.vmrpc.file.FileNames;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;

/** What the agent is asked about paths. Thread-safe. */
final class PathCalls {
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private final VmFileSystem fileSystem;
    private final Lanes lanes;

    PathCalls(final VmFileSystem fileSystem, final Lanes lanes) {
        this.fileSystem = fileSystem;
        this.lanes = lanes;
    }

    <T> T call(final VmPath path, final VmPath other, final Lanes.Call<T> call) throws IOException {
        fileSystem.ensureOpen();
        try {
            return lanes.call(call);
        } catch (final VmrpcException e) {
            throw FileErrors.of(e, path, other);
        }
    }

    /** The root is no file of the host: nothing in it can be changed. */
    private static byte[] changeable(final VmPath path) throws IOException {
        final byte[] wire = path.wire();
        if (wire.length == 0) {
            throw FileErrors.readOnly(path.toString(), null);
        }
        return wire;
    }

    /** Calls with numbers in the first bytes of the request, which {@code fill} writes, and the path behind them. */
    private <T> T call(final VmPath path, final int method, final byte[] wire, final int offset, final Fill fill, final Lanes.Call<T> then)
        throws IOException {
        if (wire.length == 0) {
            throw new NoSuchFileException(path.toString());
        }
        return call(path, null, lane -> {
            fits(path, offset + wire.length, lane);
            lane.request.setMemory(0, offset, (byte)0);
            fill.into(lane);
            lane.request.putBytes(offset, wire);
            lane.length = lane.call(method, offset + wire.length);
            return then.by(lane);
        });
    }

    /** Writes what precedes a path. */
    @FunctionalInterface
    private interface Fill {
        void into(Lane lane);
    }

    private static void fits(final VmPath path, final int length, final Lane lane) {
        if (length > lane.capacity) {
            throw new TooLong(path);
        }
    }

    /** Found where no checked exception can pass. */
    private static final class TooLong extends VmrpcException {
        private static final long serialVersionUID = 1;

        TooLong(final VmPath path) {
            super("File name too long: a path of " + path.wire().length + " bytes does not fit into a record; " +
                "the agent's region can be made with a larger payload");
        }
    }

    List<String> exports() throws IOException {
        return call(null, null, lane -> {
            final int length = lane.call(EXPORTS, 0);
            final List<String> names = new ArrayList<>();
            for (int at = 0; at < length; at += 8 + lane.reply.getInt(at + 4, ORDER)) {
                names.add(lane.reply.getStringWithoutLengthAscii(at + 8, lane.reply.getInt(at + 4, ORDER)));
            }
            return names;
        });
    }

    VmFileAttributes stat(final VmPath path, final boolean isNoFollow) throws IOException {
        final byte[] wire = path.wire();
        if (wire.length == 0) {
            return new VmFileAttributes();
        }
        return call(path, STAT, wire, 8, lane -> lane.request.putInt(0, isNoFollow ? NO_FOLLOW : 0, ORDER),
            lane -> new VmFileAttributes(path.export(), lane.reply, 0));
    }

    Handle open(final VmPath path, final int flags, final int mode) throws IOException {
        final byte[] wire = path.wire();
        if (wire.length == 0) {
            throw new FileSystemException(path.toString(), null, "Is a directory");
        }
        return call(path, OPEN, wire, 8, lane -> {
            lane.request.putInt(0, flags, ORDER);
            lane.request.putInt(4, mode, ORDER);
        }, lane -> new Handle(path, lane.reply.getInt(0, ORDER), lane.session, new VmFileAttributes(path.export(), lane.reply, 8)));
    }

    void makeFolder(final VmPath path, final int mode) throws IOException {
        call(path, MAKE_FOLDER, changeable(path), 8, lane -> lane.request.putInt(4, mode, ORDER), lane -> null);
    }

    void remove(final VmPath path) throws IOException {
        call(path, REMOVE, changeable(path), 8, lane -> { }, lane -> null);
    }

    void change(final VmPath path, final boolean isNoFollow, final int mode, final long accessedNs, final long modifiedNs) throws IOException {
        call(path, CHANGE, changeable(path), 24, lane -> {
            lane.request.putInt(0, isNoFollow ? NO_FOLLOW : 0, ORDER);
            lane.request.putInt(4, mode, ORDER);
            lane.request.putLong(8, accessedNs, ORDER);
            lane.request.putLong(16, modifiedNs, ORDER);
        }, lane -> null);
    }

    void access(final VmPath path, final int bits) throws IOException {
        if (path.wire().length == 0) {
            if ((bits & 2) != 0) {
                throw FileErrors.readOnly(path.toString(), null);
            }
            return;
        }
        call(path, ACCESS, path.wire(), 8, lane -> lane.request.putInt(0, bits, ORDER), lane -> null);
    }

    private static byte[] replyBytes(final Lane lane) {
        final byte[] bytes = new byte[lane.length];
        lane.reply.getBytes(0, bytes);
        return bytes;
    }

    VmPath readLink(final VmPath path) throws IOException {
        final byte[] target = call(path, READ_LINK, path.wire(), 8, lane -> { }, PathCalls::replyBytes);
        return VmPath.parse(fileSystem, FileNames.text(target));
    }

    VmPath realPath(final VmPath path, final boolean isNoFollow) throws IOException {
        final VmPath normal = path.normalize();
        if (isNoFollow || normal.getNameCount() == 0) {
            stat(normal, true);
            return normal;
        }
        final byte[] real = call(path, REAL_PATH, path.wire(), 8, lane -> { }, PathCalls::replyBytes);
        return VmPath.parse(fileSystem, "/" + FileNames.text(real));
    }

    void rename(final VmPath from, final VmPath to, final boolean replaces) throws IOException {
        both(from, to, RENAME, replaces ? RENAME_REPLACE : 0, changeable(from), changeable(to));
    }

    void link(final VmPath existing, final VmPath path) throws IOException {
        both(existing, path, LINK, 0, changeable(existing), changeable(path));
    }

    void makeLink(final VmPath path, final byte[] target) throws IOException {
        both(path, null, MAKE_LINK, 0, target, changeable(path));
    }

    private void both(final VmPath path, final VmPath other, final int method, final int flags, final byte[] first, final byte[] second)
        throws IOException {
        call(path, other, lane -> {
            fits(path, 8 + first.length + second.length, lane);
            lane.request.putInt(0, flags, ORDER);
            lane.request.putInt(4, first.length, ORDER);
            lane.request.putBytes(8, first);
            lane.request.putBytes(8 + first.length, second);
            return lane.call(method, 8 + first.length + second.length);
        });
    }

    int watch(final VmPath folder, final int watcher, final int bits) throws IOException {
        return call(folder, WATCH, folder.wire(), 8, lane -> {
            lane.request.putInt(0, watcher, ORDER);
            lane.request.putInt(4, bits, ORDER);
        }, lane -> lane.reply.getInt(0, ORDER));
    }

    void unwatch(final int watcher, final int watch) throws IOException {
        watcher(watcher, UNWATCH, watch, 8);
    }

    void closeWatcher(final int watcher) throws IOException {
        watcher(watcher, CLOSE_WATCHER, 0, 4);
    }

    private void watcher(final int watcher, final int method, final int watch, final int length) throws IOException {
        call(null, null, lane -> {
            lane.request.putInt(0, watcher, ORDER);
            lane.request.putInt(4, watch, ORDER);
            return lane.call(method, length);
        });
    }

    /** Total, unallocated and usable bytes, block size, flags of the export. */
    long[] store(final VmPath path) throws IOException {
        return call(path, STORE, path.wire(), 8, lane -> { }, lane -> {
            final long[] numbers = new long[5];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = lane.reply.getLong(i * Long.BYTES, ORDER);
            }
            return numbers;
        });
    }
}
