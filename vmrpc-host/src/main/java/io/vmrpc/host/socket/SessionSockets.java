package io.vmrpc.host.socket;

import io.netty.channel.IoEventLoop;
import io.vmrpc.host.policy.GuestPolicy;
import io.vmrpc.host.policy.Transport;
import io.vmrpc.host.policy.Verdict;
import io.vmrpc.host.service.IdTable;
import io.vmrpc.host.service.Request;
import io.vmrpc.host.service.Service;
import io.vmrpc.host.service.SessionInfo;
import io.vmrpc.host.service.Withheld;
import io.vmrpc.host.session.LogLimit;
import io.vmrpc.natives.Errno;
import io.vmrpc.natives.Native;
import io.vmrpc.socket.SocketAddressDescriptor;
import io.vmrpc.socket.SocketAddresses;
import io.vmrpc.socket.SocketProtocol;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sockets of one session and what binds them: policy, rates, number. Shard's thread only. */
final class SessionSockets implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(SessionSockets.class);
    /** How long a closed socket may try to send what it still has. */
    private static final int CLOSING_S = 60;
    private final SessionInfo session;
    private final GuestPolicy policy;
    private final IoEventLoop loop;
    private final Throttle throttle;
    private final IdTable<HostSocket> table;
    private final SocketRequests requests;
    private final Scratch scratch = new Scratch();
    private final EventStream[] streams = new EventStream[256];
    private final ArrayDeque<HostSocket> again = new ArrayDeque<>();
    private final LogLimit limit = new LogLimit(SystemNanoClock.INSTANCE);

    SessionSockets(final SessionInfo session, final GuestPolicy policy, final IoEventLoop loop) {
        this.session = session;
        this.policy = policy;
        this.loop = loop;
        throttle = new Throttle(policy.limits(), loop);
        table = new IdTable<>(policy.limits().sockets());
        requests = new SocketRequests(this);
    }

    @Override
    public String name() {
        return SocketProtocol.SERVICE;
    }

    @Override
    public void onRequest(final Request request) {
        requests.onRequest(request);
    }

    /** Another record from this socket is for later, when the guest was told of what it has got and the shard has nothing else to do. */
    void lookAgain(final HostSocket socket) {
        if (!socket.isLookedAtAgain) {
            socket.isLookedAtAgain = true;
            again.add(socket);
        }
    }

    @Override
    public int beforeSleep() {
        int received = 0;
        for (int count = again.size(); count > 0; count--) {
            final HostSocket socket = again.remove();
            socket.isLookedAtAgain = false;
            received += socket.receive();
        }
        return received;
    }

    @Override
    public void onSessionEnd(final SessionInfo ended) {
        requests.end();
        for (int i = 0; i < table.end(); i++) {
            if (table.at(i) != null) {
                table.at(i).close();
            }
        }
    }

    IoEventLoop loop() {
        return loop;
    }

    Throttle throttle() {
        return throttle;
    }

    Scratch scratch() {
        return scratch;
    }

    boolean permitsLookup() {
        return policy.permitsLookup();
    }

    /** Begins a channel's events. */
    void subscribe(final int channel, final Request request) throws SocketFailure {
        if (streams[channel] != null) {
            throw SocketFailure.malformed("this channel has subscribed to EVENTS already: once is enough");
        }
        final EventStream stream = new EventStream();
        request.subscribe(stream.publisher).onEnd((handle, why) -> endChannel(channel));
        streams[channel] = stream;
    }

    private void endChannel(final int channel) {
        streams[channel] = null;
        for (int i = 0; i < table.end(); i++) {
            if (table.at(i) != null && table.at(i).channel == channel) {
                table.at(i).close();
            }
        }
    }

    EventStream stream(final int channel) throws SocketFailure {
        if (streams[channel] == null) {
            throw SocketFailure.malformed("this channel has no stream of events: subscribe to EVENTS first");
        }
        return streams[channel];
    }

    HostSocket find(final int id) {
        return table.find(id);
    }

    boolean isFull() {
        return table.isFull();
    }

    void refuseSocket() {
        if (limit.permits()) {
            LOG.warn("guest {}: refused another socket by limits.sockets={} of the policy{}", session.region(), policy.limits().sockets(),
                limit.suppressedText());
        }
    }

    HostSocket open(final int family, final int type, final boolean isIpv6Only) throws SocketFailure {
        if (table.isFull()) {
            refuseSocket();
            throw new SocketFailure(Errno.EMFILE, "this guest has " + table.count() +
                " sockets, which is its limit: close some, or have limits.sockets of the policy raised");
        }
        final int fd = (int)SocketFailure.check(Native.vmrpc_socket_open(family, type), "socket(2)");
        if (family == SocketProtocol.FAMILY_IPV6) {
            Native.vmrpc_socket_set(fd, family, SocketProtocol.IPV6_V6ONLY, isIpv6Only ? 1 : 0);
        }
        final int id = table.reserve();
        final HostSocket socket = type == SocketProtocol.TYPE_STREAM ? new StreamSocket(this, id, family, fd, policy.limits().bufferBytes())
            : new DatagramSocket(this, id, family, fd, policy.limits().bufferBytes());
        table.put(id, socket);
        return socket;
    }

    /** An accepted connection, which belongs to no channel yet. */
    int adoptable(final int family, final int fd) {
        final int id = table.reserve();
        table.put(id, new StreamSocket(this, id, family, fd, policy.limits().bufferBytes()));
        return id;
    }

    /** Whether the socket was still known. */
    boolean forget(final HostSocket socket) {
        final boolean isKnown = table.find(socket.id) == socket;
        if (isKnown) {
            table.remove(socket.id);
        }
        return isKnown;
    }

    void closeLater(final HostSocket socket) {
        loop.schedule(socket::abort, CLOSING_S, TimeUnit.SECONDS);
    }

    /** Judges where a socket may connect or send to. */
    void judgeOutbound(final HostSocket socket, final DirectBuffer address, final int offset) throws SocketFailure {
        final SocketAddress target = SocketAddresses.get(address, offset, SocketProtocol.MAX_ADDRESS);
        judge(policy.outbound(transport(socket), target), "to reach", target);
    }

    /** Judges where a socket may be bound or listen. */
    void judgeInbound(final HostSocket socket, final SocketAddress local) throws SocketFailure {
        judge(policy.inbound(transport(socket), local), "to use", local);
    }

    void judgeGroup(final DirectBuffer group) throws SocketFailure {
        final SocketAddress address = SocketAddresses.get(group, 0, SocketProtocol.MAX_ADDRESS);
        judge(policy.join(address), "to join", address);
    }

    /** Whether a peer may connect to a listener. */
    boolean mayConnect(final HostSocket listener, final DirectBuffer peer) {
        final SocketAddress from = SocketAddresses.get(peer, 0, SocketProtocol.MAX_ADDRESS);
        final Verdict verdict = policy.peer(listener.boundTo, from);
        if (!verdict.isAllowed()) {
            logRefusal("to be reached from", from, verdict);
        }
        return verdict.isAllowed();
    }

    private void judge(final Verdict verdict, final String what, final SocketAddress address) throws SocketFailure {
        if (!verdict.isAllowed()) {
            logRefusal(what, address, verdict);
            throw new SocketFailure(Errno.EACCES, "the policy of this host does not allow this guest " + what + ' ' + address +
                ": its operator can add a rule");
        }
    }

    private void logRefusal(final String what, final SocketAddress address, final Verdict verdict) {
        if (limit.permits()) {
            LOG.warn("guest {}: refused {} {} by rule {}{}", session.region(), what, address, verdict.rule(), limit.suppressedText());
        }
    }

    private static Transport transport(final HostSocket socket) {
        return socket.family == SocketProtocol.FAMILY_UNIX ? Transport.UNIX : socket.isStream() ? Transport.TCP : Transport.UDP;
    }

    /** The value of an option; a failure of getsockopt(2) is the guest's to know. */
    long option(final HostSocket socket, final int option) throws SocketFailure {
        final UnsafeBuffer value = scratch.second();
        SocketFailure.check(Native.vmrpc_socket_get(socket.number(), socket.family, option, value.addressOffset()), "getsockopt(2)");
        return value.getLong(0);
    }

    /** Writes the socket's own or its peer's address, and says how long it is; family 0 if it has none. */
    int name(final HostSocket socket, final boolean isPeer, final MutableDirectBuffer out, final int offset) {
        final UnsafeBuffer address = scratch.address();
        if (Native.vmrpc_socket_name(socket.number(), isPeer ? 1 : 0, address.addressOffset()) < 0) {
            address.setMemory(0, SocketAddressDescriptor.LENGTH, (byte)0);
        }
        final int length = SocketAddresses.length(address, 0);
        out.putBytes(offset, address, 0, length);
        return length;
    }

    /** Completes CONNECT: the addresses of both ends. */
    void connected(final HostSocket socket, final Withheld request) {
        final MutableDirectBuffer names = requests.reply();
        final int local = name(socket, false, names, 0);
        request.complete(names, 0, local + name(socket, true, names, local));
    }
}
