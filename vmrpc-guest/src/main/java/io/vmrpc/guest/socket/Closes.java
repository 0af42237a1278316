package io.vmrpc.guest.socket;

import io.vmrpc.error.Status;
import io.vmrpc.error.VmrpcException;
import io.vmrpc.guest.Channel;
import io.vmrpc.guest.CompletionListener;
import io.vmrpc.socket.SocketProtocol;
import org.agrona.DirectBuffer;

/** Closes that the agent has not completed, because something is still to be sent to a slow peer. The owner's. */
final class Closes implements CompletionListener {
    /** How long a close waits for space in the ring before it is left to the next wait. */
    private static final long SPACE_NS = 1_000_000;
    private final Channel channel;
    private final SocketRequests requests;
    private int outstanding;

    Closes(final Channel channel, final SocketRequests requests) {
        this.channel = channel;
        this.requests = requests;
    }

    int outstanding() {
        return outstanding;
    }

    /**
     * Sends a socket's CLOSE or ABORT; false if the ring is full. With many requests outstanding the answer is done without: slow peers must
     * not keep calls from being made.
     */
    boolean send(final VmSocket socket) {
        if (socket.isAborted() || channel.outstanding() >= channel.capacity() / 2) {
            return requests.send(socket.isAborted() ? SocketProtocol.ABORT : SocketProtocol.CLOSE, socket.id, 0);
        }
        final boolean isSubmitted = requests.submit(SocketProtocol.CLOSE, socket.id, this);
        outstanding += isSubmitted ? 1 : 0;
        return isSubmitted;
    }

    /** Nobody else might look again soon. Takes nothing, so that it may be called by whoever looks at a record; the ring is full for a moment only. */
    void awaitSpace() {
        if (!channel.hasSpace()) {
            final long giveUpNs = System.nanoTime() + SPACE_NS;
            while (!channel.hasSpace() && System.nanoTime() - giveUpNs < 0) {
                channel.flush();
            }
        }
    }

    @Override
    public void onCompletion(final long correlation, final Status status, final int detail, final boolean more, final long lost,
        final DirectBuffer payload, final int offset, final int length) {
        outstanding--; // also after a failure: the socket is gone
    }

    @Override
    public void onFailure(final long correlation, final VmrpcException failure) {
        outstanding--;
    }
}
