package io.vmrpc.guest.socket;

import static io.vmrpc.guest.socket.SocketRequests.ORDER;
import static io.vmrpc.socket.SocketProtocol.HEADER;

import io.vmrpc.error.VmrpcException;
import io.vmrpc.guest.Channel;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.guest.socket.SocketErrors.Operation;
import io.vmrpc.socket.SocketProtocol;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The sockets of one thread. They are sockets of the host, opened by its agent as far as the operator's policy allows.
 *
 * <pre>{@code
 * try (RealTimeVcpu vcpu = guest.bind(new VcpuContext());
 *      Sockets sockets = guest.openSockets(vcpu);
 *      VmDatagramChannel udp = sockets.openDatagram(StandardProtocolFamily.INET)) {
 *     udp.bind(new InetSocketAddress(5000));
 *     VmTimer timer = new VmTimer(vcpu).periodic(System.nanoTime(), 20_000_000);
 *     while (isRunning) {
 *         udp.receive(this::onDatagram, timer.nextNs()); // one park: the first of both ends it
 *         if (System.nanoTime() - timer.nextNs() >= 0) {
 *             timer.await(); // has come
 *             step();
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>All methods but {@link #wakeup()} are for the thread that made it, and so are its sockets. When the agent is lost all of them are: their
 * operations throw a {@link java.net.SocketException} that says so, and {@link #await} the {@link VmrpcException}.
 */
public final class Sockets implements AutoCloseable {
    private final Channel channel;
    private final boolean ownsChannel;
    private final SocketsContext context;
    private final SocketLoop loop;
    private volatile boolean isWoken;

    private Sockets(final VmrpcGuest guest, final Channel channel, final boolean ownsChannel, final SocketsContext context) {
        this.channel = channel;
        this.ownsChannel = ownsChannel;
        this.context = context;
        loop = new SocketLoop(channel, guest.resolve(SocketProtocol.SERVICE));
    }

    /**
     * Sockets over a channel of the calling thread, which goes on to be used for calls: one wait serves both.
     *
     * @param guest whose channel it is.
     * @param channel of this thread; without sockets until now.
     * @return the sockets; close them before the channel.
     * @throws VmrpcException if the agent offers no sockets, or as {@link Channel#allowWakeup()}.
     */
    public static Sockets over(final VmrpcGuest guest, final Channel channel) {
        return over(guest, channel, new SocketsContext());
    }

    /**
     * The same with settings.
     *
     * @param guest whose channel it is.
     * @param channel of this thread.
     * @param context settings.
     * @return the sockets; close them before the channel.
     * @throws VmrpcException as {@link #over(VmrpcGuest, Channel)}.
     */
    public static Sockets over(final VmrpcGuest guest, final Channel channel, final SocketsContext context) {
        return new Sockets(guest, channel, false, context);
    }

    /**
     * Sockets that close their channel with themselves: what {@link VmrpcGuest#openSockets} makes.
     *
     * @param guest whose channel it is.
     * @param channel of this thread, for nothing else.
     * @param context settings.
     * @return the sockets.
     * @throws VmrpcException as {@link #over(VmrpcGuest, Channel)}; the channel is closed then.
     */
    public static Sockets owning(final VmrpcGuest guest, final Channel channel, final SocketsContext context) {
        try {
            return new Sockets(guest, channel, true, context);
        } catch (final RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Opens a UDP socket.
     *
     * @param family INET, INET6 (which also takes IPv4) or {@link VmProtocolFamily#INET6_ONLY}.
     * @return the socket, neither bound nor connected.
     * @throws IOException if the host refuses, for example because the guest has as many sockets as it may have.
     */
    public VmDatagramChannel openDatagram(final ProtocolFamily family) throws IOException {
        final int window = context.receiveWindow();
        final int id = open(family, SocketProtocol.TYPE_DATAGRAM, window);
        final VmDatagramChannel socket = new VmDatagramChannel(loop, id, number(family), window);
        socket.flow.sendWindow.open(loop.requests.replyInt(4));
        return socket;
    }

    /**
     * Opens a stream socket to connect with.
     *
     * @param family INET, INET6, {@link VmProtocolFamily#INET6_ONLY} or UNIX.
     * @return the socket.
     * @throws IOException if the host refuses.
     */
    public VmSocketChannel openStream(final ProtocolFamily family) throws IOException {
        final int window = context.receiveWindow();
        final int id = open(family, SocketProtocol.TYPE_STREAM, window);
        final VmSocketChannel socket = new VmSocketChannel(loop, id, number(family), window);
        socket.flow.sendWindow.open(loop.requests.replyInt(4));
        return socket;
    }

    /**
     * Opens a stream socket to listen with.
     *
     * @param family INET, INET6 (which also takes IPv4), {@link VmProtocolFamily#INET6_ONLY} or UNIX.
     * @return the socket; bind it.
     * @throws IOException if the host refuses.
     */
    public VmServerSocketChannel openServer(final ProtocolFamily family) throws IOException {
        final int id = open(family, SocketProtocol.TYPE_STREAM, context.receiveWindow());
        final VmServerSocketChannel server = new VmServerSocketChannel(this, loop, id, number(family), context.acceptWindow());
        if (family != StandardProtocolFamily.UNIX) {
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true); // as java.nio does: a server that starts again finds its old connections
        }
        return server;
    }

    private int open(final ProtocolFamily family, final int type, final int window) throws IOException {
        prepare();
        loop.requests.begin(number(family), type).putInt(HEADER, family == VmProtocolFamily.INET6_ONLY ? SocketProtocol.OPEN_IPV6_ONLY : 0, ORDER);
        loop.requests.request().putInt(HEADER + 4, window, ORDER);
        loop.requests.call(SocketProtocol.OPEN, 2 * HEADER, Operation.OTHER);
        return loop.requests.replyInt(0);
    }

    private void prepare() throws IOException {
        loop.refuseInHandler();
        loop.ensureUsable();
        loop.serve();
    }

    private static int number(final ProtocolFamily family) {
        if (family == StandardProtocolFamily.INET) {
            return SocketProtocol.FAMILY_IPV4;
        }
        if (family == StandardProtocolFamily.INET6 || family == VmProtocolFamily.INET6_ONLY) {
            return SocketProtocol.FAMILY_IPV6;
        }
        if (family == StandardProtocolFamily.UNIX) {
            return SocketProtocol.FAMILY_UNIX;
        }
        throw new UnsupportedOperationException("family=" + family + " must be INET, INET6, INET6_ONLY or UNIX");
    }

    /**
     * Makes an accepted connection one of these sockets. Its data begins to come.
     *
     * @param connection that nobody has adopted; from any {@link Sockets} of the same {@link VmrpcGuest}.
     * @return the socket.
     * @throws IOException if it was adopted or refused already, or the session has ended.
     */
    public VmSocketChannel adopt(final PendingConnection connection) throws IOException {
        prepare();
        final int window = context.receiveWindow();
        final VmSocketChannel socket = new VmSocketChannel(loop, connection.id(), connection.family(), window); // its data may come with the answer
        try {
            loop.requests.begin(connection.id(), window);
            loop.requests.call(SocketProtocol.ADOPT, HEADER, Operation.OTHER);
        } catch (final IOException e) {
            loop.remove(socket);
            throw e;
        }
        socket.flow.sendWindow.open(loop.requests.replyInt(0));
        socket.named(connection.localAddress(), connection.remoteAddress(), true);
        return socket;
    }

    /**
     * Ends an accepted connection that nobody has adopted, with a reset. Does not wait.
     *
     * @param connection the host's socket of it is given back.
     */
    public void refuse(final PendingConnection connection) {
        loop.refuse(connection);
    }

    /**
     * Waits until something happened to any of the sockets, a completion came for a call of the channel, or {@link #wakeup} was called, and
     * calls listeners. What it was is in the sockets: it may also have been nothing.
     *
     * @param deadlineNs {@link System#nanoTime()} until which to wait, for example {@link io.vmrpc.guest.VmTimer#nextNs()}; {@link
     *     Long#MAX_VALUE}: for ever.
     * @return false if the deadline came first.
     * @throws VmrpcException if the session has ended; listeners are told before.
     */
    public boolean await(final long deadlineNs) {
        final boolean isDue = isWoken || loop.hasReady();
        try {
            final long untilNs = loop.lookups.earlier(deadlineNs);
            final boolean came = loop.await(isDue ? System.nanoTime() : untilNs);
            isWoken = false; // before anybody looks at what it was for
            return came || isDue || untilNs != deadlineNs;
        } finally {
            loop.tellReady();
        }
    }

    /**
     * Takes what came, without waiting, and calls listeners.
     *
     * @return events and completions.
     * @throws VmrpcException if the session has ended; listeners are told before.
     */
    public int poll() {
        isWoken = false;
        try {
            return loop.poll();
        } finally {
            loop.tellReady();
        }
    }

    /** Ends the current {@link #await}, or the next one. For any thread, until the {@link VmrpcGuest} is closed: {@link Channel#wakeup()}. */
    public void wakeup() {
        isWoken = true;
        channel.wakeup();
    }

    /**
     * Looks a name up as programs of the host do.
     *
     * @param name of a host, or an address as text.
     * @param deadlineNs {@link System#nanoTime()} until which to wait; it also bounds the agent's search.
     * @return at least one address.
     * @throws UnknownHostException if the host knows none, or none in time.
     * @throws IOException if the policy allows this guest no lookups, or the session has ended.
     */
    public List<InetAddress> lookup(final String name, final long deadlineNs) throws IOException {
        prepare();
        return loop.lookups.call(name, deadlineNs);
    }

    /**
     * The same without waiting: for event loops. Names beyond an eighth of the channel's {@link Channel#capacity()} wait for their turn.
     *
     * @param name of a host, or an address as text.
     * @param deadlineNs {@link System#nanoTime()} by which it fails, or {@link Long#MAX_VALUE}.
     * @return completed by {@link #await} or {@link #poll} on this thread, as listeners are called, so what depends on it may do anything; this
     *     thread must not wait for it otherwise. It has at least one address, or fails with the exception that {@link #lookup} would throw. One
     *     that was given up ({@code cancel}) is not asked for if its turn has not come.
     */
    public CompletableFuture<List<InetAddress>> lookupAsync(final String name, final long deadlineNs) {
        try {
            loop.ensureUsable();
        } catch (final IOException e) {
            return CompletableFuture.failedFuture(e);
        }
        return loop.lookups.begin(name, deadlineNs);
    }

    /**
     * The channel of these sockets, for calls, subscriptions and other requests. Its {@link Channel#await} brings events to the sockets too,
     * but leaves their listeners to the next {@link #await} or {@link #poll}.
     *
     * @return of this thread.
     */
    public Channel channel() {
        return channel;
    }

    /**
     * Closes all sockets. Waits for what they still have to send ({@link SocketsContext#closeTimeout}), and closes the channel if it was
     * opened for them. Lookups that nobody has answered fail.
     */
    @Override
    public void close() {
        try {
            loop.close(System.nanoTime() + context.closeTimeoutNs());
        } finally {
            if (ownsChannel) {
                channel.close();
            }
            loop.lookups.tell();
        }
    }
}
