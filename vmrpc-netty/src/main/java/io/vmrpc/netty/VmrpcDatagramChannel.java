package io.vmrpc.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.AddressedEnvelope;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramChannelConfig;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.util.internal.StringUtil;
import io.vmrpc.guest.socket.Sockets;
import io.vmrpc.guest.socket.VmDatagramChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;

/**
 * A UDP socket of the host, for event loops with a {@link VmrpcIoHandler}. Reads and writes {@link
 * io.netty.channel.socket.DatagramPacket}s; connected to a peer it also writes {@link ByteBuf}s. Its socket is opened as it is bound or
 * connected, with that address's family: for IPv4 and IPv6 at once give it {@link SocketProtocolFamily#INET6}.
 *
 * <p>Interfaces are the host's, so of a {@link NetworkInterface} only the name counts, and null is the host kernel's choice.
 */
public final class VmrpcDatagramChannel extends AbstractVmrpcChannel<VmDatagramChannel> implements DatagramChannel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(true, 16);
    private final ProtocolFamily family;
    private final VmrpcDatagramChannelConfig config = new VmrpcDatagramChannelConfig(this);
    private final Memberships memberships = new Memberships(this);

    /** A channel of the family that it is bound or connected with. */
    public VmrpcDatagramChannel() {
        this(null);
    }

    /**
     * A channel of a family.
     *
     * @param family INET or INET6; null: that of the address.
     */
    public VmrpcDatagramChannel(final SocketProtocolFamily family) {
        super(null);
        this.family = family == null ? null : family.toJdkFamily();
    }

    @Override
    ProtocolFamily family(final SocketAddress address) {
        return family == null ? super.family(address) : family;
    }

    @Override
    VmDatagramChannel newSocket(final Sockets sockets, final ProtocolFamily of) throws IOException {
        return sockets.openDatagram(of);
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public DatagramChannelConfig config() {
        return config;
    }

    @Override
    public boolean isActive() {
        final VmDatagramChannel current = socket();
        return isOpen() && (config.isActiveOnRegistration() && isRegistered() || current != null && current.localAddress() != null);
    }

    @Override
    public boolean isConnected() {
        final VmDatagramChannel current = socket();
        return current != null && current.isOpen() && current.isConnected();
    }

    @Override
    public InetSocketAddress localAddress() {
        return (InetSocketAddress)super.localAddress();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return (InetSocketAddress)super.remoteAddress();
    }

    @Override
    protected void doBind(final SocketAddress local) throws Exception {
        openSocket(local).bind(local);
    }

    @Override
    protected void doDisconnect() throws Exception {
        openSocket().disconnect();
    }

    @Override
    protected Object filterOutboundMessage(final Object msg) {
        if (msg instanceof AddressedEnvelope<?, ?> envelope && envelope.content() instanceof ByteBuf) {
            if (envelope.recipient() instanceof InetSocketAddress recipient && recipient.isUnresolved()) {
                throw new UnresolvedAddressException();
            }
            return msg;
        }
        if (msg instanceof ByteBuf) {
            return msg;
        }
        throw new UnsupportedOperationException("unsupported message type: " + StringUtil.simpleClassName(msg) +
            " (expected: DatagramPacket, AddressedEnvelope<ByteBuf, SocketAddress>, ByteBuf)");
    }

    @Override
    protected void doWrite(final ChannelOutboundBuffer in) throws Exception {
        for (int left = maxMessagesPerWrite(); left > 0; left--) {
            final Object msg = in.current();
            if (msg == null) {
                return;
            }
            try {
                if (!send(msg)) {
                    awaitSpace();
                    return;
                }
                in.remove();
            } catch (final IOException | RuntimeException e) {
                in.remove(e); // others may go to other peers
            }
        }
        if (!in.isEmpty()) {
            flushLater();
        }
    }

    /** Sends a datagram; false if there is no room. An empty one then goes the way of datagrams. */
    private boolean send(final Object msg) throws IOException {
        final ByteBuf content = msg instanceof ByteBufHolder holder ? holder.content() :
            (ByteBuf)(msg instanceof AddressedEnvelope<?, ?> envelope ? envelope.content() : msg);
        final SocketAddress recipient = msg instanceof AddressedEnvelope<?, ?> envelope ? envelope.recipient() : null;
        final VmDatagramChannel to = openSocket(recipient);
        final int length = content.readableBytes();
        final ByteBuffer bytes = content.nioBufferCount() == 1 ? content.internalNioBuffer(content.readerIndex(), length) :
            content.nioBuffer(content.readerIndex(), length);
        return (recipient == null ? to.write(bytes) : to.send(bytes, recipient)) > 0 || length == 0;
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new DatagramUnsafe();
    }

    private final class DatagramUnsafe extends VmrpcUnsafe {
        private final DatagramReads reads = new DatagramReads(VmrpcDatagramChannel.this, this);

        @Override
        public void connect(final SocketAddress remote, final SocketAddress local, final ChannelPromise promise) {
            if (promise.isDone() || !ensureOpen(promise)) {
                return;
            }
            final boolean wasActive = isActive();
            try {
                final VmDatagramChannel opened = openSocket(remote);
                if (local != null) {
                    opened.bind(local);
                }
                opened.connect(remote);
            } catch (final IOException | RuntimeException e) {
                promise.tryFailure(annotateConnectException(e, remote));
                return;
            }
            promise.trySuccess();
            if (!wasActive) {
                pipeline().fireChannelActive();
            }
        }

        @Override
        void read() {
            reads.read();
        }
    }

    @Override
    public ChannelFuture joinGroup(final InetAddress group) {
        return joinGroup(group, newPromise());
    }

    @Override
    public ChannelFuture joinGroup(final InetAddress group, final ChannelPromise promise) {
        return joinGroup(group, config.getNetworkInterface(), null, promise);
    }

    @Override
    public ChannelFuture joinGroup(final InetSocketAddress group, final NetworkInterface by) {
        return joinGroup(group, by, newPromise());
    }

    @Override
    public ChannelFuture joinGroup(final InetSocketAddress group, final NetworkInterface by, final ChannelPromise promise) {
        return joinGroup(group.getAddress(), by, null, promise);
    }

    @Override
    public ChannelFuture joinGroup(final InetAddress group, final NetworkInterface by, final InetAddress source) {
        return joinGroup(group, by, source, newPromise());
    }

    @Override
    public ChannelFuture joinGroup(final InetAddress group, final NetworkInterface by, final InetAddress source, final ChannelPromise promise) {
        return memberships.join(group, by, source, promise);
    }

    @Override
    public ChannelFuture leaveGroup(final InetAddress group) {
        return leaveGroup(group, newPromise());
    }

    @Override
    public ChannelFuture leaveGroup(final InetAddress group, final ChannelPromise promise) {
        return leaveGroup(group, config.getNetworkInterface(), null, promise);
    }

    @Override
    public ChannelFuture leaveGroup(final InetSocketAddress group, final NetworkInterface by) {
        return leaveGroup(group, by, newPromise());
    }

    @Override
    public ChannelFuture leaveGroup(final InetSocketAddress group, final NetworkInterface by, final ChannelPromise promise) {
        return leaveGroup(group.getAddress(), by, null, promise);
    }

    @Override
    public ChannelFuture leaveGroup(final InetAddress group, final NetworkInterface by, final InetAddress source) {
        return leaveGroup(group, by, source, newPromise());
    }

    @Override
    public ChannelFuture leaveGroup(final InetAddress group, final NetworkInterface by, final InetAddress source, final ChannelPromise promise) {
        return memberships.leave(group, by, source, promise);
    }

    @Override
    public ChannelFuture block(final InetAddress group, final NetworkInterface by, final InetAddress source) {
        return block(group, by, source, newPromise());
    }

    @Override
    public ChannelFuture block(final InetAddress group, final NetworkInterface by, final InetAddress source, final ChannelPromise promise) {
        return block(group, source, promise);
    }

    @Override
    public ChannelFuture block(final InetAddress group, final InetAddress source) {
        return block(group, source, newPromise());
    }

    @Override
    public ChannelFuture block(final InetAddress group, final InetAddress source, final ChannelPromise promise) {
        return promise.setFailure(new UnsupportedOperationException("the agent blocks no sources: join the group for the wanted ones instead"));
    }
}
