package io.vmrpc.guest.file;

import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.Watchable;
import java.util.ArrayList;
import java.util.List;

/** A watched folder. Thread-safe. */
final class VmWatchKey implements WatchKey {
    /** Events that wait to be taken; what comes beyond is an overflow. */
    private static final int MAX_EVENTS = 512;
    final int watch;
    private final VmWatchService service;
    private final VmPath folder;
    private List<WatchEvent<?>> events = new ArrayList<>();
    private boolean isSignalled;
    private boolean isValid = true;

    /** An event and how often it came. */
    private record Event<T>(Kind<T> kind, T context, int count) implements WatchEvent<T> {
    }

    VmWatchKey(final VmWatchService service, final VmPath folder, final int watch) {
        this.service = service;
        this.folder = folder;
        this.watch = watch;
    }

    synchronized void add(final WatchEvent.Kind<Path> kind, final String name) {
        final Path context = folder.vm().getPath(name);
        final int last = events.size() - 1;
        if (last >= 0 && events.get(last) instanceof Event<?> event && event.kind() == kind && context.equals(event.context())) {
            events.set(last, new Event<>(kind, context, event.count() + 1));
        } else if (events.size() >= MAX_EVENTS) {
            overflow();
        } else {
            events.add(new Event<>(kind, context, 1));
        }
        signal();
    }

    synchronized void overflow() {
        events = new ArrayList<>(List.of(new Event<>(StandardWatchEventKinds.OVERFLOW, null, 1)));
        signal();
    }

    /** The folder is watched no longer. */
    synchronized void end() {
        isValid = false;
        signal();
    }

    private void signal() {
        if (!isSignalled) {
            isSignalled = true;
            service.signal(this);
        }
    }

    @Override
    public synchronized boolean isValid() {
        return isValid;
    }

    @Override
    public synchronized List<WatchEvent<?>> pollEvents() {
        final List<WatchEvent<?>> taken = events;
        events = new ArrayList<>();
        return taken;
    }

    @Override
    public synchronized boolean reset() {
        if (!isValid) {
            return false;
        }
        isSignalled = false;
        if (!events.isEmpty()) {
            signal();
        }
        return true;
    }

    @Override
    public void cancel() {
        synchronized (this) {
            isValid = false;
        }
        service.cancel(this);
    }

    @Override
    public Watchable watchable() {
        return folder;
    }
}
