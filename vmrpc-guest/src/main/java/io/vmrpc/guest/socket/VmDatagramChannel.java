package io.vmrpc.guest.socket;

import static io.vmrpc.socket.SocketProtocol.HEADER;

import io.vmrpc.guest.socket.SocketErrors.Operation;
import io.vmrpc.socket.SocketAddressDescriptor;
import io.vmrpc.socket.SocketProtocol;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ByteChannel;
import java.nio.channels.NotYetConnectedException;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A UDP socket of the host, in the manner of {@link java.nio.channels.DatagramChannel}. Made by {@link Sockets#openDatagram}; belongs to the
 * thread of its {@link Sockets}.
 *
 * <p>A receive that waits has the datagram copied from the region's ring straight to its buffer, or gets a view of the ring with a {@link
 * DatagramHandler}. What comes for nobody is kept up to the receive window; what exceeds that the host's kernel keeps as far as SO_RCVBUF
 * allows, then drops. Datagrams of up to 65,507 bytes travel whole: those that a record cannot carry in fragments, which are joined again.
 *
 * <p>What the network says of a datagram later (ICMP) is thrown once by the next operation: a {@link java.net.PortUnreachableException} if
 * nobody listens there. Nothing is allocated per datagram, also for the addresses of up to 16 senders.
 */
public final class VmDatagramChannel extends VmSocket implements ByteChannel {
    private final DatagramReceiver receiver = new DatagramReceiver(this);
    private final DatagramSender sender = new DatagramSender(this);
    private final UnsafeBuffer view = new UnsafeBuffer(new byte[0]);

    VmDatagramChannel(final SocketLoop loop, final int id, final int family, final int window) {
        super(loop, id, family, window, SocketOptionTable.DATAGRAM);
    }

    /**
     * Binds the socket to an address of the host.
     *
     * @param local address; port 0: any.
     * @throws IOException {@link java.net.BindException} and others, if kernel or policy refuse it.
     */
    public void bind(final SocketAddress local) throws IOException {
        bindTo(local);
    }

    /**
     * Connects the socket to a peer: it receives from that one only.
     *
     * @param remote the peer.
     * @throws IOException if kernel or policy refuse it.
     */
    public void connect(final SocketAddress remote) throws IOException {
        if (isConnected()) {
            throw new AlreadyConnectedException();
        }
        reconnect(remote);
    }

    /**
     * Takes the peer away.
     *
     * @throws IOException if the socket has failed.
     */
    public void disconnect() throws IOException {
        if (isConnected()) {
            reconnect(null);
        }
    }

    private void reconnect(final SocketAddress remote) throws IOException {
        final UnsafeBuffer request = requests().begin(id, 0);
        call(SocketProtocol.CONNECT, HEADER + addresses.put(request, HEADER, remote), Operation.CONNECT);
        final SocketAddress local = requests().replyAddress(0);
        named(local, remote == null ? null : requests().replyAddress(requests().afterAddress(0)), remote != null);
    }

    /**
     * Receives a datagram; waits for it, if receives wait.
     *
     * @param to takes as much of it as it has room for; the rest is dropped.
     * @return who sent it; null: nothing is there.
     * @throws IOException what the network said of an earlier datagram, or what ended the socket.
     */
    public SocketAddress receive(final ByteBuffer to) throws IOException {
        return receive(to, Long.MAX_VALUE);
    }

    /**
     * Receives a datagram before a deadline.
     *
     * @param to takes as much of it as it has room for; the rest is dropped.
     * @param deadlineNs {@link System#nanoTime()} until which to wait.
     * @return as {@link #receive(ByteBuffer)}.
     * @throws IOException also {@link SocketTimeoutException} if nothing came in time.
     */
    public SocketAddress receive(final ByteBuffer to, final long deadlineNs) throws IOException {
        return take(to, deadlineNs) ? receiver.source() : null;
    }

    private boolean take(final ByteBuffer to, final long deadlineNs) throws IOException {
        final int length = wrap(view, to);
        final boolean came = receiver.receive(view, 0, length, deadlineNs);
        if (came) {
            to.position(to.position() + receiver.copied());
        }
        return came;
    }

    /**
     * Hands all datagrams that are there to a handler; waits for at least one, if receives wait.
     *
     * @param handler called for each; what it throws ends the call.
     * @return how many.
     * @throws IOException as {@link #receive(ByteBuffer)}.
     */
    public int receive(final DatagramHandler handler) throws IOException {
        return receive(handler, Long.MAX_VALUE);
    }

    /**
     * The same before a deadline, which is an expected end of the wait: so a loop waits for datagrams and a timer together, with {@link
     * io.vmrpc.guest.VmTimer#nextNs()}.
     *
     * @param handler called for each.
     * @param deadlineNs {@link System#nanoTime()} until which to wait.
     * @return how many; 0: the deadline came.
     * @throws IOException as {@link #receive(ByteBuffer)}.
     */
    public int receive(final DatagramHandler handler, final long deadlineNs) throws IOException {
        return receiver.receive(handler, deadlineNs);
    }

    /**
     * Receives a datagram of the peer.
     *
     * @return bytes, 0 also if nothing is there and reads do not wait.
     */
    @Override
    public int read(final ByteBuffer to) throws IOException {
        ensureConnected();
        return take(to, Long.MAX_VALUE) ? receiver.copied() : 0;
    }

    /**
     * Sends a datagram to the peer.
     *
     * @return its bytes; 0: there is no room, and writes do not wait.
     */
    @Override
    public int write(final ByteBuffer from) throws IOException {
        ensureConnected();
        return give(from, null);
    }

    /**
     * Sends a datagram to the peer, from memory of any kind.
     *
     * @param from where it is.
     * @param offset of the first byte.
     * @param length of the datagram.
     * @return its bytes; 0: there is no room, and writes do not wait.
     * @throws IOException what the network said of an earlier datagram, or what ended the socket.
     */
    public int write(final DirectBuffer from, final int offset, final int length) throws IOException {
        ensureConnected();
        return sender.send(from, offset, length, null, Long.MAX_VALUE) ? length : 0;
    }

    /**
     * Sends a datagram. The first one to another target than the last waits for the agent's answer, so that what the policy refuses is
     * thrown at once; in a handler it does not, and the next operation throws it.
     *
     * @param from the datagram.
     * @param target who shall receive it, resolved.
     * @return its bytes; 0: there is no room, and sends do not wait.
     * @throws IOException what kernel or policy refuse, or what the network said of an earlier datagram.
     */
    public int send(final ByteBuffer from, final SocketAddress target) throws IOException {
        return give(from, peerOr(target));
    }

    /**
     * The same from memory of any kind.
     *
     * @param from where the datagram is.
     * @param offset of the first byte.
     * @param length of the datagram.
     * @param target who shall receive it, resolved.
     * @return as {@link #send(ByteBuffer, SocketAddress)}.
     * @throws IOException as there.
     */
    public int send(final DirectBuffer from, final int offset, final int length, final SocketAddress target) throws IOException {
        return sender.send(from, offset, length, peerOr(target), Long.MAX_VALUE) ? length : 0;
    }

    /** A connected socket sends to its peer, and nowhere else. */
    private SocketAddress peerOr(final SocketAddress target) {
        if (!isConnected()) {
            return target;
        }
        if (!target.equals(remoteAddress())) {
            throw new AlreadyConnectedException();
        }
        return null;
    }

    private int give(final ByteBuffer from, final SocketAddress target) throws IOException {
        final int length = from.remaining();
        view.wrap(from, from.position(), length);
        if (!sender.send(view, 0, length, target, Long.MAX_VALUE)) {
            return 0;
        }
        from.position(from.position() + length);
        return length;
    }

    /** After a first datagram the kernel has bound the socket. */
    void learnName() throws IOException {
        if (!(localAddress() instanceof InetSocketAddress internet) || internet.getPort() == 0) {
            requests().begin(id, 0);
            requests().call(SocketProtocol.NAME, HEADER, Operation.OTHER);
            named(requests().replyAddress(0), remoteAddress(), isConnected());
        }
    }

    /**
     * Joins a multicast group.
     *
     * @param group its address.
     * @param hostInterface name of the host's interface to receive by, for example {@code eth0}; empty: the kernel's choice.
     * @throws IOException if kernel or policy refuse it.
     */
    public void join(final InetAddress group, final String hostInterface) throws IOException {
        changeMembership(1, group, hostInterface, null);
    }

    /**
     * Joins a multicast group for the datagrams of one source.
     *
     * @param group its address.
     * @param hostInterface as in {@link #join(InetAddress, String)}.
     * @param source whose datagrams to receive.
     * @throws IOException if kernel or policy refuse it.
     */
    public void join(final InetAddress group, final String hostInterface, final InetAddress source) throws IOException {
        changeMembership(1, group, hostInterface, source);
    }

    /**
     * Leaves a multicast group.
     *
     * @param group its address.
     * @param hostInterface as it was joined.
     * @throws IOException if the socket is not a member.
     */
    public void leave(final InetAddress group, final String hostInterface) throws IOException {
        changeMembership(0, group, hostInterface, null);
    }

    /**
     * Leaves a multicast group that was joined for one source.
     *
     * @param group its address.
     * @param hostInterface as it was joined.
     * @param source as it was joined.
     * @throws IOException if the socket is not a member.
     */
    public void leave(final InetAddress group, final String hostInterface, final InetAddress source) throws IOException {
        changeMembership(0, group, hostInterface, source);
    }

    private void changeMembership(final int join, final InetAddress group, final String hostInterface, final InetAddress source)
        throws IOException {
        final UnsafeBuffer request = requests().begin(id, join);
        int length = HEADER + addresses.put(request, HEADER, new InetSocketAddress(group, 0));
        length += addresses.put(request, length, source == null ? null : new InetSocketAddress(source, 0));
        final byte[] name = hostInterface.getBytes(StandardCharsets.UTF_8);
        if (name.length > SocketAddressDescriptor.LENGTH) {
            throw new IllegalArgumentException("hostInterface=" + hostInterface + " is longer than names of interfaces are");
        }
        request.putBytes(length, name);
        call(SocketProtocol.MEMBERSHIP, length + name.length, Operation.OTHER);
    }

    private void ensureConnected() throws IOException {
        ensureOpen();
        if (!isConnected()) {
            throw new NotYetConnectedException();
        }
    }

    @Override
    void onData(final int flags, final DirectBuffer payload, final int offset, final int length) {
        receiver.onData(flags, payload, offset, length);
    }

    @Override
    Operation kind() {
        return Operation.DATAGRAM;
    }

    @Override
    int missed() {
        return receiver.isReadable() ? Notices.READABLE : 0;
    }
}
