package io.vmrpc.host.link;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.unix.FileDescriptor;
import io.vmrpc.natives.Errno;
import io.vmrpc.natives.Native;
import java.io.IOException;

/**
 * The eventfd on which a sleeping shard waits. Registered edge-triggered: each ring is an edge, so that nobody needs to read the
 * counter, which takes 2^64 rings to fill up.
 */
public final class Doorbell implements EpollIoHandle {
    private final FileDescriptor fd;
    private final Runnable onRing;

    /**
     * Creates the eventfd.
     *
     * @param onRing called on the shard's thread after it was rung, once for any number of rings.
     * @throws IOException if the system has no descriptor left.
     */
    public Doorbell(final Runnable onRing) throws IOException {
        this.onRing = onRing;
        fd = new FileDescriptor((int)Errno.check(Native.vmrpc_eventfd(), "eventfd"));
    }

    @Override
    public FileDescriptor fd() {
        return fd;
    }

    @Override
    public void handle(final IoRegistration registration, final IoEvent event) {
        onRing.run();
    }

    @Override
    public void close() throws IOException {
        if (fd.isOpen()) {
            fd.close();
        }
    }
}
