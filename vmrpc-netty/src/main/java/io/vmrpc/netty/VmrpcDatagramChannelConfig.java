package io.vmrpc.netty;

import static java.util.Map.entry;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DatagramChannelConfig;
import io.vmrpc.guest.socket.VmSocketOptions;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.Map;

/** Options of a datagram socket. Interfaces are the host's: of a NetworkInterface only name and index count. */
final class VmrpcDatagramChannelConfig extends VmrpcChannelConfig implements DatagramChannelConfig {
    /** What a receive has room for, unless a RECVBUF_ALLOCATOR says otherwise; the rest of a longer datagram is lost. */
    private static final int RECEIVE_SIZE = 2048;
    private static final Map<ChannelOption<?>, SocketOption<?>> OPTIONS = Map.ofEntries(
        entry(ChannelOption.SO_RCVBUF, StandardSocketOptions.SO_RCVBUF), entry(ChannelOption.SO_SNDBUF, StandardSocketOptions.SO_SNDBUF),
        entry(ChannelOption.SO_REUSEADDR, StandardSocketOptions.SO_REUSEADDR), entry(ChannelOption.SO_BROADCAST, StandardSocketOptions.SO_BROADCAST),
        entry(ChannelOption.IP_TOS, StandardSocketOptions.IP_TOS), entry(ChannelOption.IP_MULTICAST_TTL, StandardSocketOptions.IP_MULTICAST_TTL),
        entry(VmrpcChannelOption.SO_REUSEPORT, StandardSocketOptions.SO_REUSEPORT),
        entry(VmrpcChannelOption.MULTICAST_INTERFACE, VmSocketOptions.MULTICAST_INTERFACE));
    private volatile boolean isActiveOnRegistration;
    private volatile NetworkInterface multicastInterface;

    VmrpcDatagramChannelConfig(final VmrpcDatagramChannel channel) {
        super(channel, new FixedRecvByteBufAllocator(RECEIVE_SIZE), OPTIONS);
    }

    @Override
    @SuppressWarnings("deprecation")
    public Map<ChannelOption<?>, Object> getOptions() {
        return getOptions(super.getOptions(), ChannelOption.IP_MULTICAST_LOOP_DISABLED, ChannelOption.IP_MULTICAST_IF,
            ChannelOption.DATAGRAM_CHANNEL_ACTIVE_ON_REGISTRATION);
    }

    @Override
    @SuppressWarnings({"unchecked", "deprecation"})
    public <T> T getOption(final ChannelOption<T> option) {
        if (option == ChannelOption.IP_MULTICAST_LOOP_DISABLED) {
            return (T)(Boolean)isLoopbackModeDisabled();
        }
        if (option == ChannelOption.IP_MULTICAST_IF) {
            return (T)multicastInterface;
        }
        return option == ChannelOption.DATAGRAM_CHANNEL_ACTIVE_ON_REGISTRATION ? (T)(Boolean)isActiveOnRegistration : super.getOption(option);
    }

    @Override
    @SuppressWarnings("deprecation")
    public <T> boolean setOption(final ChannelOption<T> option, final T value) {
        if (option == ChannelOption.IP_MULTICAST_LOOP_DISABLED) {
            setLoopbackModeDisabled((Boolean)value);
        } else if (option == ChannelOption.IP_MULTICAST_IF) {
            setNetworkInterface((NetworkInterface)value);
        } else if (option == ChannelOption.DATAGRAM_CHANNEL_ACTIVE_ON_REGISTRATION) {
            isActiveOnRegistration = (Boolean)value;
        } else {
            return super.setOption(option, value);
        }
        return true;
    }

    /** Whether the channel is active before it is bound. */
    boolean isActiveOnRegistration() {
        return isActiveOnRegistration;
    }

    @Override
    public boolean isLoopbackModeDisabled() {
        return !host(StandardSocketOptions.IP_MULTICAST_LOOP);
    }

    @Override
    public VmrpcDatagramChannelConfig setLoopbackModeDisabled(final boolean loopbackModeDisabled) {
        host(StandardSocketOptions.IP_MULTICAST_LOOP, !loopbackModeDisabled);
        return this;
    }

    /** An address of the interface that {@link #setNetworkInterface} was given, or null. */
    @Override
    public InetAddress getInterface() {
        final NetworkInterface current = multicastInterface;
        return current == null ? null : current.inetAddresses().findFirst().orElse(null);
    }

    @Override
    public VmrpcDatagramChannelConfig setInterface(final InetAddress interfaceAddress) {
        throw new UnsupportedOperationException("the interfaces are the host's: set VmrpcChannelOption.MULTICAST_INTERFACE");
    }

    @Override
    public NetworkInterface getNetworkInterface() {
        return multicastInterface;
    }

    /** Multicast datagrams leave by the host's interface with the same index. */
    @Override
    public VmrpcDatagramChannelConfig setNetworkInterface(final NetworkInterface networkInterface) {
        host(VmSocketOptions.MULTICAST_INTERFACE, networkInterface.getIndex());
        multicastInterface = networkInterface;
        return this;
    }

    @Override
    public int getSendBufferSize() {
        return host(StandardSocketOptions.SO_SNDBUF);
    }

    @Override
    public VmrpcDatagramChannelConfig setSendBufferSize(final int sendBufferSize) {
        host(StandardSocketOptions.SO_SNDBUF, sendBufferSize);
        return this;
    }

    @Override
    public int getReceiveBufferSize() {
        return host(StandardSocketOptions.SO_RCVBUF);
    }

    @Override
    public VmrpcDatagramChannelConfig setReceiveBufferSize(final int receiveBufferSize) {
        host(StandardSocketOptions.SO_RCVBUF, receiveBufferSize);
        return this;
    }

    @Override
    public int getTrafficClass() {
        return host(StandardSocketOptions.IP_TOS);
    }

    @Override
    public VmrpcDatagramChannelConfig setTrafficClass(final int trafficClass) {
        host(StandardSocketOptions.IP_TOS, trafficClass);
        return this;
    }

    @Override
    public boolean isReuseAddress() {
        return host(StandardSocketOptions.SO_REUSEADDR);
    }

    @Override
    public VmrpcDatagramChannelConfig setReuseAddress(final boolean reuseAddress) {
        host(StandardSocketOptions.SO_REUSEADDR, reuseAddress);
        return this;
    }

    @Override
    public boolean isBroadcast() {
        return host(StandardSocketOptions.SO_BROADCAST);
    }

    @Override
    public VmrpcDatagramChannelConfig setBroadcast(final boolean broadcast) {
        host(StandardSocketOptions.SO_BROADCAST, broadcast);
        return this;
    }

    @Override
    public int getTimeToLive() {
        return host(StandardSocketOptions.IP_MULTICAST_TTL);
    }

    @Override
    public VmrpcDatagramChannelConfig setTimeToLive(final int timeToLive) {
        host(StandardSocketOptions.IP_MULTICAST_TTL, timeToLive);
        return this;
    }

    @Override
    public VmrpcDatagramChannelConfig setConnectTimeoutMillis(final int connectTimeoutMillis) {
        super.setConnectTimeoutMillis(connectTimeoutMillis);
        return this;
    }

    @Override
    public VmrpcDatagramChannelConfig setWriteSpinCount(final int writeSpinCount) {
        super.setWriteSpinCount(writeSpinCount);
        return this;
    }

    @Override
    public VmrpcDatagramChannelConfig setAllocator(final ByteBufAllocator allocator) {
        super.setAllocator(allocator);
        return this;
    }

    @Override
    public VmrpcDatagramChannelConfig setRecvByteBufAllocator(final RecvByteBufAllocator allocator) {
        super.setRecvByteBufAllocator(allocator);
        return this;
    }

    @Override
    public VmrpcDatagramChannelConfig setAutoRead(final boolean autoRead) {
        super.setAutoRead(autoRead);
        return this;
    }

    @Override
    public VmrpcDatagramChannelConfig setAutoClose(final boolean autoClose) {
        super.setAutoClose(autoClose);
        return this;
    }

    @Override
    public VmrpcDatagramChannelConfig setMessageSizeEstimator(final MessageSizeEstimator estimator) {
        super.setMessageSizeEstimator(estimator);
        return this;
    }

    @Override
    public VmrpcDatagramChannelConfig setWriteBufferWaterMark(final WriteBufferWaterMark mark) {
        super.setWriteBufferWaterMark(mark);
        return this;
    }

    @Override
    @Deprecated
    public VmrpcDatagramChannelConfig setMaxMessagesPerRead(final int maxMessagesPerRead) {
        super.setMaxMessagesPerRead(maxMessagesPerRead);
        return this;
    }
}
