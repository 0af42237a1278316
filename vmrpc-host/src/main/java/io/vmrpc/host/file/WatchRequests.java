package io.vmrpc.host.file;

import static io.vmrpc.file.FileProtocol.*;

import io.vmrpc.host.service.IdTable;
import io.vmrpc.host.service.Request;
import io.vmrpc.host.service.Withheld;
import io.vmrpc.natives.Errno;
import io.vmrpc.natives.Native;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/** The requests about watched folders. Shard's thread only. */
final class WatchRequests {
    private static final int MAX_WATCHERS = 16;
    private static final int ALL = CHANGE_CREATED | CHANGE_DELETED | CHANGE_MODIFIED;
    private final SessionFiles files;
    private final IdTable<Watcher> watchers = new IdTable<>(MAX_WATCHERS);
    private UnsafeBuffer changes;

    WatchRequests(final SessionFiles files) {
        this.files = files;
    }

    private static int word(final Request request, final int offset) {
        return request.payload().getInt(request.offset() + offset, ByteOrder.LITTLE_ENDIAN);
    }

    private Watcher find(final Request request, final int length) throws FileFailure {
        if (request.length() < length) {
            throw FileFailure.malformed("the request has " + request.length() + " bytes and needs " + length);
        }
        final Watcher watcher = watchers.find(word(request, 0));
        if (watcher == null) {
            throw new FileFailure(Errno.ESTALE, "the id names no watcher of this session");
        }
        return watcher;
    }

    void open(final Request request) throws FileFailure {
        if (watchers.isFull()) {
            throw new FileFailure(Errno.EMFILE, "this guest has " + MAX_WATCHERS + " watchers, which is the limit: close some");
        }
        if (changes == null) {
            changes = new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 14));
        }
        final Watcher watcher = Watcher.open(files.loop(), changes);
        final int id = watchers.reserve();
        watchers.put(id, watcher);
        changes.putInt(0, id, ByteOrder.LITTLE_ENDIAN);
        request.reply(changes, 0, 4);
    }

    /** u32 watcher, u32 bits, path: answers the watch. */
    void add(final Request request, final ExportedFolder export, final UnsafeBuffer path) throws FileFailure {
        final Watcher watcher = find(request, 8);
        final int bits = word(request, 4);
        if ((bits & ALL) == 0 || (bits & ~ALL) != 0) {
            throw FileFailure.malformed("bits=" + Integer.toUnsignedString(bits) + " must say what is watched for: 1 to 7");
        }
        if (watcher.watches.size() + watcher.pending >= Watcher.MAX_WATCHES) {
            throw new FileFailure(Errno.EMFILE, "this watcher watches " + Watcher.MAX_WATCHES + " folders, which is the limit: open another");
        }
        final FileCall call = files.begin(request, new AddWatch(watcher, bits));
        watcher.pending++;
        watcher.descriptor.use();
        call.in(export);
        call.buffers.path(0, path);
        files.submit(call);
    }

    void remove(final Request request) throws FileFailure {
        final Watcher watcher = find(request, 8);
        Native.vmrpc_watch_remove(watcher.descriptor.number, word(request, 4)); // fails only if the kernel was first
        watcher.watches.remove(word(request, 4));
        request.reply();
    }

    void await(final Request request) throws FileFailure {
        final Watcher watcher = find(request, 4);
        final Withheld answer = request.withhold();
        try {
            watcher.await(answer);
        } catch (final FileFailure e) {
            e.answer(answer);
        }
    }

    void close(final Request request) throws FileFailure {
        find(request, 4).close();
        watchers.remove(word(request, 0));
        request.reply();
    }

    void closeAll() {
        for (int i = 0; i < watchers.end(); i++) {
            if (watchers.at(i) != null) {
                watchers.at(i).close();
            }
        }
    }

    /** Adds a folder; the kernel answers the same watch if it is watched already. */
    private record AddWatch(Watcher watcher, int bits) implements FileCall.Operation {
        @Override
        public int run(final FileCall call) throws FileFailure {
            final int watch = Native.vmrpc_watch_add(watcher.descriptor.number, call.root(), call.buffers.path(), bits);
            call.reply().putInt(0, (int)FileFailure.check(watch, "inotify_add_watch(2)"), ByteOrder.LITTLE_ENDIAN);
            return 4;
        }

        @Override
        public boolean settle(final FileCall call) {
            watcher.pending--;
            watcher.descriptor.release();
            if (call.failure() == null) {
                watcher.watches.add(call.reply().getInt(0, ByteOrder.LITTLE_ENDIAN));
            }
            call.answer();
            return true;
        }
    }
}
