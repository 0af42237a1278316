package io.vmrpc.guest.file;

import static io.vmrpc.file.FileProtocol.*;

import io.vmrpc.error.VmrpcException;
import io.vmrpc.file.FileChangeDescriptor;
import io.vmrpc.file.FileNames;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;

/** Watches folders of the host: a thread of its own holds a request that the agent answers when something has changed. */
final class VmWatchService implements WatchService {
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private final VmFileSystem fileSystem;
    private final Lane lane;
    private final int id;
    private final Map<Integer, VmWatchKey> keys = new HashMap<>();
    private final LinkedBlockingDeque<VmWatchKey> signalled = new LinkedBlockingDeque<>();
    private final Thread thread = new Thread(this::run, "vmrpc-watch");
    private final VmWatchKey closed = new VmWatchKey(this, null, 0);
    private volatile boolean isClosed;

    private VmWatchService(final VmFileSystem fileSystem, final Lane lane) {
        this.fileSystem = fileSystem;
        this.lane = lane;
        lane.call(WATCHER, 0);
        id = lane.reply.getInt(0, ORDER);
    }

    static VmWatchService open(final VmFileSystem fileSystem) throws IOException {
        final VmWatchService[] opened = new VmWatchService[1];
        try {
            opened[0] = new VmWatchService(fileSystem, new Lane(fileSystem.guest(), VmWatchService::look, 1));
        } catch (final VmrpcException e) {
            throw FileErrors.of(e, null, null);
        }
        opened[0].thread.setDaemon(true);
        opened[0].thread.start();
        fileSystem.remember(opened[0]);
        return opened[0];
    }

    /** Changes are no hurry. */
    private static boolean look(final io.vmrpc.park.Parker.Pending pending, final long deadlineNs, final boolean ring) {
        if (pending.isEmpty()) {
            LockSupport.parkNanos(LOOK_NS);
        }
        return false;
    }

    private void run() {
        try {
            while (!isClosed) {
                lane.request.putInt(0, id, ORDER);
                take(lane.reply, lane.call(CHANGES, 4));
            }
        } catch (final VmrpcException e) {
            endAll(); // closed, or the agent is lost: no key is valid any more
        } finally {
            closeLane();
        }
    }

    private void closeLane() {
        try {
            lane.close();
        } catch (final VmrpcException e) {
            return; // its session is gone
        }
    }

    private synchronized void take(final DirectBuffer changes, final int length) {
        for (int at = 0; at < length; ) {
            final int bits = changes.getInt(at + FileChangeDescriptor.BITS, ORDER);
            final byte[] name = new byte[changes.getInt(at + FileChangeDescriptor.NAME_LENGTH, ORDER)];
            changes.getBytes(at + FileChangeDescriptor.LENGTH, name);
            if ((bits & CHANGE_OVERFLOW) != 0) {
                keys.values().forEach(VmWatchKey::overflow);
            } else {
                change(keys.get(changes.getInt(at + FileChangeDescriptor.WATCH, ORDER)), bits, FileNames.text(name));
            }
            at += FileChangeDescriptor.LENGTH + name.length;
        }
    }

    private void change(final VmWatchKey key, final int bits, final String name) {
        if (key == null) {
            return; // cancelled meanwhile
        }
        if ((bits & CHANGE_GONE) != 0) {
            keys.remove(key.watch);
            key.end();
        } else if (!name.isEmpty()) {
            key.add((bits & CHANGE_CREATED) != 0 ? StandardWatchEventKinds.ENTRY_CREATE
                : (bits & CHANGE_DELETED) != 0 ? StandardWatchEventKinds.ENTRY_DELETE : StandardWatchEventKinds.ENTRY_MODIFY, name);
        }
    }

    private synchronized void endAll() {
        keys.values().forEach(VmWatchKey::end);
        keys.clear();
    }

    WatchKey register(final VmPath folder, final WatchEvent.Kind<?>... events) throws IOException {
        ensureOpen();
        int bits = 0;
        for (final WatchEvent.Kind<?> each : events) {
            if (each == StandardWatchEventKinds.ENTRY_CREATE) {
                bits |= CHANGE_CREATED;
            } else if (each == StandardWatchEventKinds.ENTRY_DELETE) {
                bits |= CHANGE_DELETED;
            } else if (each == StandardWatchEventKinds.ENTRY_MODIFY) {
                bits |= CHANGE_MODIFIED;
            } else if (each != StandardWatchEventKinds.OVERFLOW) {
                throw new UnsupportedOperationException("event " + each + " is not known: use those of StandardWatchEventKinds");
            }
        }
        if (bits == 0) {
            throw new IllegalArgumentException("no event to watch for was given");
        }
        synchronized (this) { // else a change could come before its key is known
            final int watch = fileSystem.calls().watch(folder, id, bits);
            return keys.computeIfAbsent(watch, each -> new VmWatchKey(this, folder, each));
        }
    }

    synchronized void cancel(final VmWatchKey key) {
        if (keys.remove(key.watch, key) && !isClosed) {
            try {
                fileSystem.calls().unwatch(id, key.watch);
            } catch (final IOException e) {
                return; // the session is gone, and the watch with it
            }
        }
    }

    void signal(final VmWatchKey key) {
        signalled.add(key);
    }

    private void ensureOpen() {
        if (isClosed) {
            throw new ClosedWatchServiceException();
        }
    }

    private WatchKey checked(final VmWatchKey key) {
        if (key == closed) {
            signalled.add(closed); // for the next one who waits
        }
        ensureOpen();
        return key;
    }

    @Override
    public WatchKey poll() {
        ensureOpen();
        return checked(signalled.poll());
    }

    @Override
    public WatchKey poll(final long timeout, final TimeUnit unit) throws InterruptedException {
        ensureOpen();
        return checked(signalled.poll(timeout, unit));
    }

    @Override
    public WatchKey take() throws InterruptedException {
        ensureOpen();
        return checked(signalled.take());
    }

    @Override
    public void close() throws IOException {
        if (!isClosed) {
            isClosed = true;
            fileSystem.forget(this);
            signalled.addFirst(closed);
            endAll();
            try {
                fileSystem.calls().closeWatcher(id); // answers the request that the thread holds
            } catch (final java.nio.file.FileSystemException e) {
                isClosed = true; // the session is gone, and the watcher with it
            } finally {
                awaitThread();
            }
        }
    }

    /** It must not touch the region any more when that is unmapped. */
    private void awaitThread() {
        try {
            thread.join(TimeUnit.SECONDS.toMillis(20));
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
