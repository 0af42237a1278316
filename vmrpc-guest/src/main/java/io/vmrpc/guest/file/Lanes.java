package io.vmrpc.guest.file;

import io.vmrpc.error.StatusException;
import io.vmrpc.error.VmrpcException;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.guest.Waiting;
import java.nio.file.ClosedFileSystemException;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * The channels of a file system: a thread borrows one for a call, since a channel belongs to one thread at a time. A thread that has bound a
 * way to wait has one of its own. Thread-safe.
 */
final class Lanes {
    private final VmrpcGuest guest;
    private final FilesContext context;
    private final Semaphore permits;
    private final ArrayDeque<Lane> idle = new ArrayDeque<>();
    private final Set<Lane> all = new HashSet<>();
    private final ThreadLocal<Bound> bound = new ThreadLocal<>();
    private boolean isClosed;

    /** A thread's own way to wait and its lane. */
    private final class Bound implements VmFileSystem.Binding {
        private final Waiting waiting;
        private Lane lane;

        Bound(final Waiting waiting) {
            this.waiting = waiting;
        }

        @Override
        public void close() {
            bound.remove();
            if (lane != null) {
                discard(lane);
            }
        }
    }

    /** A call by a borrowed channel. */
    @FunctionalInterface
    interface Call<T> {
        T by(Lane lane);
    }

    Lanes(final VmrpcGuest guest, final FilesContext context) {
        this.guest = guest;
        this.context = context;
        permits = new Semaphore(context.channels());
    }

    /** Calls; a lane whose session has ended is not used again. */
    <T> T call(final Call<T> call) {
        final Bound own = bound.get();
        if (own != null) {
            return callBound(own, call);
        }
        permits.acquireUninterruptibly();
        try {
            final Lane lane = take();
            boolean isSound = false;
            try {
                final T result = call.by(lane);
                isSound = true;
                return result;
            } catch (final StatusException e) {
                isSound = true;
                throw e;
            } finally {
                giveBack(lane, isSound);
            }
        } finally {
            permits.release();
        }
    }

    private <T> T callBound(final Bound own, final Call<T> call) {
        if (own.lane != null && own.lane.session != guest.sessionNumber()) {
            discard(own.lane);
            own.lane = null;
        }
        if (own.lane == null) {
            own.lane = open(own.waiting);
        }
        try {
            return call.by(own.lane);
        } catch (final StatusException e) {
            throw e;
        } catch (final VmrpcException e) {
            discard(own.lane);
            own.lane = null;
            throw e;
        }
    }

    VmFileSystem.Binding bind(final Waiting waiting) {
        final Bound own = new Bound(waiting);
        if (bound.get() != null) {
            throw new IllegalStateException("this thread has bound a way to wait already: close that first");
        }
        bound.set(own);
        return own;
    }

    private Lane take() {
        for (Lane lane = poll(); lane != null; lane = poll()) {
            if (lane.session == guest.sessionNumber()) {
                return lane;
            }
            discard(lane); // of a session that has ended
        }
        return open(context.newWaiting());
    }

    private synchronized Lane poll() {
        return idle.poll();
    }

    private Lane open(final Waiting waiting) {
        final Lane lane = new Lane(guest, waiting, context.depth());
        synchronized (this) {
            if (!isClosed) {
                all.add(lane);
                return lane;
            }
        }
        lane.close();
        throw new ClosedFileSystemException();
    }

    private void giveBack(final Lane lane, final boolean isSound) {
        synchronized (this) {
            if (isSound && !isClosed) {
                idle.push(lane);
                return;
            }
        }
        discard(lane);
    }

    private void discard(final Lane lane) {
        synchronized (this) {
            all.remove(lane);
        }
        try {
            lane.close();
        } catch (final VmrpcException e) {
            return; // its session is gone, and the channel with it
        }
    }

    /** Lanes that threads are using close when they come back. */
    void close() {
        final ArrayDeque<Lane> closing;
        synchronized (this) {
            isClosed = true;
            closing = new ArrayDeque<>(idle);
            idle.clear();
        }
        closing.forEach(this::discard);
    }
}
