package io.vmrpc.guest.socket;

import static io.vmrpc.guest.socket.SocketRequests.ORDER;
import static io.vmrpc.socket.SocketProtocol.HEADER;

import io.vmrpc.error.Status;
import io.vmrpc.error.StatusException;
import io.vmrpc.error.VmrpcException;
import io.vmrpc.guest.Channel;
import io.vmrpc.guest.CompletionListener;
import io.vmrpc.socket.SocketEventDescriptor;
import io.vmrpc.socket.SocketProtocol;
import java.net.SocketException;
import java.util.ArrayDeque;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.ManyToOneConcurrentLinkedQueue;

/**
 * Brings events to the sockets of one thread and waits for all of them. What an event carries goes into the queue of its socket while the
 * channel is drained; listeners are called after that, so they may wait themselves. The owner's, but for {@link #close(VmSocket)}.
 */
final class SocketLoop implements CompletionListener {
    final Channel channel;
    final SocketRequests requests;
    final Lookups lookups;
    private final Thread owner = Thread.currentThread();
    private final Int2ObjectHashMap<VmSocket> sockets = new Int2ObjectHashMap<>();
    private final ArrayDeque<VmSocket> ready = new ArrayDeque<>();
    /** They wait for space in the submission ring, for which nobody is woken. */
    private final ArrayDeque<VmSocket> starved = new ArrayDeque<>();
    /** Any thread's: sockets whose CLOSE is to be sent. */
    private final ManyToOneConcurrentLinkedQueue<VmSocket> closing = new ManyToOneConcurrentLinkedQueue<>();
    private final Refusals refusals;
    private final Closes closes;
    private long subscription;
    private boolean isInHandler;
    /** An event came, perhaps while another socket was read, and no wait has returned since: the next one must not miss it. */
    private boolean isUnseen;
    private VmrpcException lost;

    SocketLoop(final Channel channel, final int service) {
        this.channel = channel;
        requests = new SocketRequests(channel, service);
        refusals = new Refusals(requests);
        closes = new Closes(channel, requests);
        lookups = new Lookups(channel, requests);
        channel.allowWakeup();
        subscription = requests.subscribe(this);
        while (subscription == Channel.FULL) {
            channel.pause();
            channel.poll();
            subscription = requests.subscribe(this);
        }
        channel.flush();
    }

    void add(final VmSocket socket) {
        sockets.put(socket.id, socket);
    }

    void remove(final VmSocket socket) {
        sockets.remove(socket.id);
    }

    void ensureUsable() throws SocketException {
        if (lost != null) {
            throw SocketErrors.lost(lost);
        }
    }

    /** Waits for an event, a completion or a wake-up, and calls no listener; false if the deadline came. May return true for nothing. */
    boolean await(final long deadlineNs) {
        refuseInHandler();
        if (serve()) {
            channel.poll();
            return true; // a listener may have to be told
        }
        final boolean came = isUnseen || (isBehind() ? pause(deadlineNs) : channel.await(deadlineNs));
        isUnseen = false;
        return came;
    }

    /** Waits a moment for what nobody is woken for, and sends what then can be sent; false if the deadline came. */
    boolean pause(final long deadlineNs) {
        refuseInHandler();
        if (channel.poll() == 0) {
            if (deadlineNs != Long.MAX_VALUE && System.nanoTime() - deadlineNs >= 0) {
                return false;
            }
            channel.pause();
            channel.poll();
        }
        serve();
        return true;
    }

    /** As {@link #await}, without waiting. */
    int poll() {
        refuseInHandler();
        serve();
        return channel.poll();
    }

    /** What needs an answer or a wait is not for a {@link DatagramHandler}: the record that it looks at would go. */
    void refuseInHandler() {
        if (isInHandler) {
            throw new IllegalStateException("a handler can send, but not wait: remember what is to be done and do it after receive");
        }
    }

    boolean isInHandler() {
        return isInHandler;
    }

    void handling(final boolean isHandling) {
        isInHandler = isHandling;
    }

    /** The ring refused a request of this socket: it will be asked again. */
    void starve(final VmSocket socket) {
        if (!socket.flow.isStarved) {
            socket.flow.isStarved = true;
            starved.add(socket);
        }
    }

    private boolean isBehind() {
        return !starved.isEmpty() || !closing.isEmpty() || !refusals.isEmpty() || lookups.isBehind();
    }

    /** Sends what could not be sent before, or what other threads asked for; whether anything came of it. */
    boolean serve() {
        boolean hasServed = false;
        VmSocket socket;
        while ((socket = closing.peek()) != null && release(socket)) {
            closing.poll(); // before the socket is told, which may lead here again
            sockets.remove(socket.id);
            socket.onReleased();
            hasServed = true;
        }
        if (lost == null && !refusals.isEmpty() && !refusals.send()) {
            return hasServed;
        }
        lookups.serve();
        for (int count = starved.size(); count > 0 && (lost != null || channel.hasSpace()); count--) {
            socket = starved.poll();
            socket.flow.isStarved = false;
            socket.onSpace();
            hasServed = true;
        }
        return hasServed;
    }

    /** Sends CLOSE or ABORT; false if the ring is full. */
    private boolean release(final VmSocket socket) {
        if (lost == null) {
            try {
                if (!closes.send(socket)) {
                    return false;
                }
            } catch (final VmrpcException e) {
                lose(e);
            }
        }
        return true;
    }

    /** A socket is to be closed. Any thread. */
    void close(final VmSocket socket) {
        closing.add(socket); // W1 of the wake-up
        if (Thread.currentThread() != owner) {
            channel.wakeup();
        } else {
            if (lost == null) {
                closes.awaitSpace();
            }
            serve();
        }
    }

    void refuse(final PendingConnection connection) {
        refusals.add(connection);
        serve();
    }

    /** Closes all sockets, waits until the agent has sent what they had to send, up to a time, and ends the events. */
    void close(final long deadlineNs) {
        for (final VmSocket socket : sockets.values().toArray(new VmSocket[0])) {
            socket.close();
        }
        serve();
        while (lost == null && (closes.outstanding() > 0 || isBehind()) && System.nanoTime() - deadlineNs < 0) {
            await(deadlineNs);
        }
        if (lost == null) {
            channel.cancel(subscription);
            lose(new VmrpcException("the sockets were closed: open others"));
        }
    }

    void ready(final VmSocket socket) {
        ready.add(socket);
    }

    boolean hasReady() {
        return !ready.isEmpty() || lookups.hasSettled();
    }

    /** Calls the listeners of the sockets to which something happened, and those who wait for lookups. */
    void tellReady() {
        for (int count = ready.size(); count > 0; count--) {
            ready.poll().notices.tell();
        }
        lookups.tell();
    }

    @Override
    public void onCompletion(final long correlation, final Status status, final int detail, final boolean more, final long dropped,
        final DirectBuffer payload, final int offset, final int length) {
        if (!more) {
            lose(new StatusException(status, detail,
                length == 0 ? "the stream of events ended" : payload.getStringWithoutLengthUtf8(offset, length)));
            return;
        }
        isUnseen = true;
        final VmSocket socket = sockets.get(payload.getInt(offset + SocketEventDescriptor.SOCKET, ORDER));
        final int kind = payload.getShort(offset + SocketEventDescriptor.KIND, ORDER);
        if (socket != null) {
            socket.onEvent(kind, payload.getShort(offset + SocketEventDescriptor.FLAGS, ORDER), payload, offset + HEADER, length - HEADER);
        } else if (kind == SocketProtocol.EVENT_ACCEPTED) {
            refusals.add(Refusals.stray(payload, offset + HEADER)); // its listener was closed
        }
    }

    @Override
    public void onFailure(final long correlation, final VmrpcException failure) {
        lose(failure);
    }

    private void lose(final VmrpcException cause) {
        if (lost == null) {
            lost = cause;
            refusals.clear();
            lookups.lose(cause);
            sockets.forEach((id, socket) -> socket.failures.onLost(cause));
        }
    }
}
