package io.vmrpc.netty;

import static java.util.Map.entry;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannelConfig;
import io.vmrpc.guest.socket.VmSocketOptions;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.Map;

/** Options of a stream. Those of TCP mean nothing to a Unix socket. */
final class VmrpcSocketChannelConfig extends VmrpcChannelConfig implements SocketChannelConfig {
    private static final Map<ChannelOption<?>, SocketOption<?>> OPTIONS = Map.ofEntries(
        entry(ChannelOption.SO_RCVBUF, StandardSocketOptions.SO_RCVBUF), entry(ChannelOption.SO_SNDBUF, StandardSocketOptions.SO_SNDBUF),
        entry(ChannelOption.TCP_NODELAY, StandardSocketOptions.TCP_NODELAY), entry(ChannelOption.SO_KEEPALIVE, StandardSocketOptions.SO_KEEPALIVE),
        entry(ChannelOption.SO_REUSEADDR, StandardSocketOptions.SO_REUSEADDR), entry(ChannelOption.SO_LINGER, StandardSocketOptions.SO_LINGER),
        entry(ChannelOption.IP_TOS, StandardSocketOptions.IP_TOS), entry(VmrpcChannelOption.SO_REUSEPORT, StandardSocketOptions.SO_REUSEPORT),
        entry(VmrpcChannelOption.TCP_KEEPIDLE, VmSocketOptions.TCP_KEEPIDLE),
        entry(VmrpcChannelOption.TCP_KEEPINTVL, VmSocketOptions.TCP_KEEPINTERVAL),
        entry(VmrpcChannelOption.TCP_KEEPCNT, VmSocketOptions.TCP_KEEPCOUNT),
        entry(VmrpcChannelOption.TCP_USER_TIMEOUT, VmSocketOptions.TCP_USER_TIMEOUT));
    private volatile boolean mayHalfClose;

    VmrpcSocketChannelConfig(final AbstractVmrpcStreamChannel channel) {
        super(channel, OPTIONS);
    }

    @Override
    public Map<ChannelOption<?>, Object> getOptions() {
        return getOptions(super.getOptions(), ChannelOption.ALLOW_HALF_CLOSURE);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T getOption(final ChannelOption<T> option) {
        return option == ChannelOption.ALLOW_HALF_CLOSURE ? (T)(Boolean)mayHalfClose : super.getOption(option);
    }

    @Override
    public <T> boolean setOption(final ChannelOption<T> option, final T value) {
        if (option != ChannelOption.ALLOW_HALF_CLOSURE) {
            return super.setOption(option, value);
        }
        validate(option, value);
        mayHalfClose = (Boolean)value;
        return true;
    }

    @Override
    public boolean isAllowHalfClosure() {
        return mayHalfClose;
    }

    @Override
    public VmrpcSocketChannelConfig setAllowHalfClosure(final boolean allowHalfClosure) {
        mayHalfClose = allowHalfClosure;
        return this;
    }

    @Override
    public boolean isTcpNoDelay() {
        return host(StandardSocketOptions.TCP_NODELAY);
    }

    @Override
    public VmrpcSocketChannelConfig setTcpNoDelay(final boolean tcpNoDelay) {
        host(StandardSocketOptions.TCP_NODELAY, tcpNoDelay);
        return this;
    }

    @Override
    public int getSoLinger() {
        return host(StandardSocketOptions.SO_LINGER);
    }

    @Override
    public VmrpcSocketChannelConfig setSoLinger(final int soLinger) {
        host(StandardSocketOptions.SO_LINGER, soLinger);
        return this;
    }

    @Override
    public int getSendBufferSize() {
        return host(StandardSocketOptions.SO_SNDBUF);
    }

    @Override
    public VmrpcSocketChannelConfig setSendBufferSize(final int sendBufferSize) {
        host(StandardSocketOptions.SO_SNDBUF, sendBufferSize);
        return this;
    }

    @Override
    public int getReceiveBufferSize() {
        return host(StandardSocketOptions.SO_RCVBUF);
    }

    @Override
    public VmrpcSocketChannelConfig setReceiveBufferSize(final int receiveBufferSize) {
        host(StandardSocketOptions.SO_RCVBUF, receiveBufferSize);
        return this;
    }

    @Override
    public boolean isKeepAlive() {
        return host(StandardSocketOptions.SO_KEEPALIVE);
    }

    @Override
    public VmrpcSocketChannelConfig setKeepAlive(final boolean keepAlive) {
        host(StandardSocketOptions.SO_KEEPALIVE, keepAlive);
        return this;
    }

    @Override
    public int getTrafficClass() {
        return host(StandardSocketOptions.IP_TOS);
    }

    @Override
    public VmrpcSocketChannelConfig setTrafficClass(final int trafficClass) {
        host(StandardSocketOptions.IP_TOS, trafficClass);
        return this;
    }

    @Override
    public boolean isReuseAddress() {
        return host(StandardSocketOptions.SO_REUSEADDR);
    }

    @Override
    public VmrpcSocketChannelConfig setReuseAddress(final boolean reuseAddress) {
        host(StandardSocketOptions.SO_REUSEADDR, reuseAddress);
        return this;
    }

    /** Means nothing here. */
    @Override
    public VmrpcSocketChannelConfig setPerformancePreferences(final int connectionTime, final int latency, final int bandwidth) {
        return this;
    }

    @Override
    public VmrpcSocketChannelConfig setConnectTimeoutMillis(final int connectTimeoutMillis) {
        super.setConnectTimeoutMillis(connectTimeoutMillis);
        return this;
    }

    @Override
    public VmrpcSocketChannelConfig setWriteSpinCount(final int writeSpinCount) {
        super.setWriteSpinCount(writeSpinCount);
        return this;
    }

    @Override
    public VmrpcSocketChannelConfig setAllocator(final ByteBufAllocator allocator) {
        super.setAllocator(allocator);
        return this;
    }

    @Override
    public VmrpcSocketChannelConfig setRecvByteBufAllocator(final RecvByteBufAllocator allocator) {
        super.setRecvByteBufAllocator(allocator);
        return this;
    }

    @Override
    public VmrpcSocketChannelConfig setAutoRead(final boolean autoRead) {
        super.setAutoRead(autoRead);
        return this;
    }

    @Override
    public VmrpcSocketChannelConfig setAutoClose(final boolean autoClose) {
        super.setAutoClose(autoClose);
        return this;
    }

    @Override
    public VmrpcSocketChannelConfig setMessageSizeEstimator(final MessageSizeEstimator estimator) {
        super.setMessageSizeEstimator(estimator);
        return this;
    }

    @Override
    public VmrpcSocketChannelConfig setWriteBufferWaterMark(final WriteBufferWaterMark mark) {
        super.setWriteBufferWaterMark(mark);
        return this;
    }

    @Override
    @Deprecated
    public VmrpcSocketChannelConfig setMaxMessagesPerRead(final int maxMessagesPerRead) {
        super.setMaxMessagesPerRead(maxMessagesPerRead);
        return this;
    }
}
