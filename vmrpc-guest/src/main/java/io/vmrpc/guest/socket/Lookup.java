package io.vmrpc.guest.socket;

import io.vmrpc.error.Status;
import io.vmrpc.error.StatusException;
import io.vmrpc.error.VmrpcException;
import io.vmrpc.guest.Channel;
import io.vmrpc.guest.CompletionListener;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.agrona.DirectBuffer;

/** A name that somebody wants looked up, and what came of it. The owner's. */
final class Lookup implements CompletionListener {
    final CompletableFuture<List<InetAddress>> future = new CompletableFuture<>();
    final String name;
    final byte[] bytes;
    final long deadlineNs;
    /** Of the request; {@link Channel#FULL} while none was sent. */
    long correlation = Channel.FULL;
    private final Lookups lookups;
    private List<InetAddress> found;
    private IOException failure;

    Lookup(final Lookups lookups, final String name, final long deadlineNs) {
        this.lookups = lookups;
        this.name = name;
        this.deadlineNs = deadlineNs;
        bytes = name.getBytes(StandardCharsets.UTF_8);
    }

    boolean isSettled() {
        return found != null || failure != null;
    }

    /** What came of it: one of both. Once. */
    void settle(final List<InetAddress> addresses, final IOException cause) {
        found = addresses;
        failure = cause;
    }

    /** Tells who waits for it, unless they have given it up. */
    void tell() {
        if (found != null) {
            future.complete(found);
        } else {
            future.completeExceptionally(failure);
        }
    }

    @Override
    public void onCompletion(final long correlationId, final Status status, final int detail, final boolean more, final long lost,
        final DirectBuffer payload, final int offset, final int length) {
        List<InetAddress> addresses = null;
        IOException cause = null;
        try {
            if (status != Status.OK) {
                final String text = length == 0 ? "" : payload.getStringWithoutLengthUtf8(offset, length);
                throw Lookups.failure(name, new StatusException(status, detail, text));
            }
            addresses = Lookups.addresses(name, payload, offset, length);
        } catch (final IOException e) {
            cause = e;
        }
        lookups.answered(this, addresses, cause);
    }

    @Override
    public void onFailure(final long correlationId, final VmrpcException cause) {
        lookups.answered(this, null, SocketErrors.lost(cause));
    }
}
