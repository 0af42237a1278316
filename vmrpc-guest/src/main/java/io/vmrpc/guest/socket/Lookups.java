package io.vmrpc.guest.socket;

import io.vmrpc.error.Status;
import io.vmrpc.error.StatusException;
import io.vmrpc.error.VmrpcException;
import io.vmrpc.guest.Channel;
import io.vmrpc.guest.socket.SocketErrors.Operation;
import io.vmrpc.socket.SocketAddressDescriptor;
import io.vmrpc.socket.SocketProtocol;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Names that are looked up on the host while the thread does other things. Few at a time are asked, for the host resolves few at a time
 * and each takes a place among the channel's outstanding requests; the others wait for their turn. The owner's.
 */
final class Lookups {
    private static final int SHARE_OF_RING = 8;
    private final Channel channel;
    private final SocketRequests requests;
    private final int limit;
    private final ArrayDeque<Lookup> waiting = new ArrayDeque<>();
    private final Set<Lookup> asked = new LinkedHashSet<>();
    /** Settled, and to be told outside of the channel's listeners. */
    private final ArrayDeque<Lookup> settled = new ArrayDeque<>();
    /** No deadline comes before. */
    private long nextNs = Long.MAX_VALUE;

    Lookups(final Channel channel, final SocketRequests requests) {
        this.channel = channel;
        this.requests = requests;
        limit = Math.max(1, channel.capacity() / SHARE_OF_RING);
    }

    /** Asks and waits for the answer. */
    List<InetAddress> call(final String name, final long deadlineNs) throws IOException {
        final Lookup lookup = new Lookup(this, name, deadlineNs);
        checkLength(lookup);
        requests.request().putBytes(0, lookup.bytes);
        try {
            requests.call(SocketProtocol.LOOKUP, lookup.bytes.length, Operation.OTHER, deadlineNs);
        } catch (final IOException e) {
            throw e.getCause() instanceof StatusException answer ? failure(name, answer) : e;
        }
        return addresses(name, requests.reply(), 0, requests.replyLength());
    }

    /** Asks, now or when it is its turn. */
    CompletableFuture<List<InetAddress>> begin(final String name, final long deadlineNs) {
        final Lookup lookup = new Lookup(this, name, deadlineNs);
        try {
            checkLength(lookup);
        } catch (final UnknownHostException e) {
            return CompletableFuture.failedFuture(e);
        }
        waiting.add(lookup);
        nextNs = earlier(nextNs, deadlineNs);
        serve();
        return lookup.future;
    }

    private void checkLength(final Lookup lookup) throws UnknownHostException {
        if (lookup.bytes.length == 0 || lookup.bytes.length > requests.payloadCapacity()) {
            throw new UnknownHostException(lookup.name + ": a name has 1 to 253 bytes");
        }
    }

    /** Whether one waits for nothing but space in the submission ring, for which nobody is woken. */
    boolean isBehind() {
        return !waiting.isEmpty() && asked.size() < limit;
    }

    /** Asks for those whose turn it is. */
    void serve() {
        while (isBehind()) {
            final Lookup next = waiting.peek();
            if (!next.future.isDone() && !submit(next)) {
                return;
            }
            waiting.remove();
        }
    }

    private boolean submit(final Lookup lookup) {
        try {
            lookup.correlation = channel.submit(requests.operation(SocketProtocol.LOOKUP), 0, lookup.deadlineNs,
                new UnsafeBuffer(lookup.bytes), 0, lookup.bytes.length, lookup);
        } catch (final VmrpcException e) {
            settle(lookup, null, SocketErrors.lost(e));
            return true;
        }
        if (lookup.correlation == Channel.FULL) {
            return false;
        }
        asked.add(lookup);
        channel.flush();
        return true;
    }

    /** The channel has brought the answer. */
    void answered(final Lookup lookup, final List<InetAddress> found, final IOException failure) {
        asked.remove(lookup);
        settle(lookup, found, failure);
    }

    private void settle(final Lookup lookup, final List<InetAddress> found, final IOException failure) {
        if (!lookup.isSettled()) {
            lookup.settle(found, failure);
            settled.add(lookup);
        }
    }

    /** The session or the sockets have ended. */
    void lose(final VmrpcException cause) {
        waiting.addAll(asked);
        asked.clear();
        while (!waiting.isEmpty()) {
            settle(waiting.remove(), null, SocketErrors.lost(cause));
        }
    }

    /** The earlier of a time and the next deadline: the agent does not know deadlines of a guest whose clock it cannot read yet. */
    long earlier(final long deadlineNs) {
        return earlier(deadlineNs, nextNs);
    }

    private static long earlier(final long oneNs, final long otherNs) {
        return oneNs == Long.MAX_VALUE || otherNs != Long.MAX_VALUE && otherNs - oneNs < 0 ? otherNs : oneNs;
    }

    boolean hasSettled() {
        return !settled.isEmpty();
    }

    /** Tells those who wait what has come of it; they may do anything. */
    void tell() {
        expire();
        for (int count = settled.size(); count > 0 && !settled.isEmpty(); count--) { // one may close the sockets, which tells the rest
            settled.remove().tell();
        }
    }

    private void expire() {
        final long now = System.nanoTime();
        if (nextNs == Long.MAX_VALUE || now - nextNs < 0) {
            return;
        }
        nextNs = Long.MAX_VALUE;
        waiting.removeIf(lookup -> isOver(lookup, now));
        asked.forEach(lookup -> isOver(lookup, now)); // they keep their places until the agent has answered
    }

    private boolean isOver(final Lookup lookup, final long now) {
        if (lookup.isSettled()) {
            return true;
        }
        final boolean isDue = lookup.deadlineNs != Long.MAX_VALUE && now - lookup.deadlineNs >= 0;
        if (!isDue) {
            nextNs = earlier(nextNs, lookup.deadlineNs);
            return false;
        }
        settle(lookup, null, new UnknownHostException(lookup.name + ": the host had not found it when the deadline came"));
        if (lookup.correlation != Channel.FULL) {
            channel.cancel(lookup.correlation);
        }
        return true;
    }

    /** What the answer says. */
    static List<InetAddress> addresses(final String name, final DirectBuffer answer, final int offset, final int length)
        throws UnknownHostException {
        final List<InetAddress> found = new ArrayList<>();
        for (int at = 0; at + SocketAddressDescriptor.LENGTH <= length; at += SocketAddressDescriptor.LENGTH) {
            found.add(named(name, ((InetSocketAddress)WireAddresses.get(answer, offset + at, length - at)).getAddress()));
        }
        if (found.isEmpty()) {
            throw new UnknownHostException(name);
        }
        return found;
    }

    /** With the name, as the JDK's own lookups: else whoever asks the address for it would have the guest search. */
    private static InetAddress named(final String name, final InetAddress address) throws UnknownHostException {
        final boolean isScoped = address instanceof Inet6Address six && six.getScopeId() != 0;
        return isScoped ? Inet6Address.getByAddress(name, address.getAddress(), ((Inet6Address)address).getScopeId())
            : InetAddress.getByAddress(name, address.getAddress());
    }

    /** What the agent's refusal means. */
    static IOException failure(final String name, final StatusException answer) {
        if (answer.status() == Status.PERMISSION_DENIED) {
            return SocketErrors.of(answer, Operation.OTHER);
        }
        final UnknownHostException exception = new UnknownHostException(name + ": " + answer.getMessage());
        exception.initCause(answer);
        return exception;
    }
}
