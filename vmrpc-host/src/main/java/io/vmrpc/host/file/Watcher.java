package io.vmrpc.host.file;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.Future;
import io.vmrpc.host.service.Withheld;
import io.vmrpc.natives.Errno;
import io.vmrpc.natives.Native;
import org.agrona.collections.IntHashSet;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Watched folders of a guest. Changes wait in the kernel, which bounds them, until the guest asks; if it has asked, its request waits. Shard's
 * thread only.
 */
final class Watcher implements EpollIoHandle {
    /** Folders that one watcher can watch. */
    static final int MAX_WATCHES = 256;
    private static final EpollIoOps EDGES = EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLET);
    final Descriptor descriptor;
    private final FileDescriptor watched;
    private final UnsafeBuffer changes;
    private IoRegistration registration;
    private Withheld waiting;
    /** Added and not removed; one that the kernel has removed counts until the guest removes it. */
    final IntHashSet watches = new IntHashSet();
    /** That are being added. */
    int pending;

    private Watcher(final int fd, final UnsafeBuffer changes) {
        descriptor = new Descriptor(fd);
        watched = new FileDescriptor(fd);
        this.changes = changes;
    }

    static Watcher open(final IoEventLoop loop, final UnsafeBuffer changes) throws FileFailure {
        final Watcher watcher = new Watcher((int)FileFailure.check(Native.vmrpc_watch_open(), "inotify_init1(2)"), changes);
        final Future<IoRegistration> future = loop.register(watcher);
        if (!future.isSuccess()) {
            watcher.descriptor.release();
            throw new FileFailure(Errno.EMFILE, "the host cannot watch another descriptor: " + future.cause());
        }
        watcher.registration = future.getNow();
        watcher.registration.submit(EDGES);
        return watcher;
    }

    @Override
    public FileDescriptor fd() {
        return watched;
    }

    /** CHANGES: answered when there are some. */
    void await(final Withheld request) throws FileFailure {
        if (waiting != null && waiting.isOutstanding()) {
            throw FileFailure.malformed("this watcher's changes are awaited already: one request at a time");
        }
        waiting = request;
        answer();
    }

    @Override
    public void handle(final IoRegistration from, final IoEvent event) {
        answer();
    }

    private void answer() {
        final Withheld request = waiting;
        if (request == null || !request.isOutstanding()) {
            return; // what has come waits for the next request
        }
        int length = 0;
        while (length == 0) { // nothing that was asked for may be among what is read
            length = Native.vmrpc_watch_read(descriptor.number, changes.addressOffset(), Math.min(changes.capacity(), request.payloadCapacity()));
        }
        if (length == -Errno.EAGAIN) {
            return;
        }
        waiting = null;
        if (length > 0) {
            request.complete(changes, 0, length);
        } else {
            final FileFailure failure = new FileFailure(-length, "read(inotify) failed on the host with " + Errno.text(-length));
            failure.answer(request);
        }
    }

    @Override
    public void close() {
        final Withheld request = waiting;
        waiting = null;
        if (request != null && request.isOutstanding()) {
            request.fail(io.vmrpc.error.Status.CANCELLED, Errno.ECANCELED, "the watcher was closed");
        }
        if (registration != null) {
            final IoRegistration ending = registration;
            registration = null;
            ending.cancel();
            descriptor.release(); // watches that are being added in the pool keep it open until they are done
        }
    }
}
