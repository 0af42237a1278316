package io.vmrpc.netty;

import static java.util.Map.entry;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ServerSocketChannelConfig;
import io.netty.util.NetUtil;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.Map;

/** Options of a listening socket. */
final class VmrpcServerSocketChannelConfig extends VmrpcChannelConfig implements ServerSocketChannelConfig {
    private static final Map<ChannelOption<?>, SocketOption<?>> OPTIONS = Map.ofEntries(
        entry(ChannelOption.SO_RCVBUF, StandardSocketOptions.SO_RCVBUF), entry(ChannelOption.SO_REUSEADDR, StandardSocketOptions.SO_REUSEADDR),
        entry(VmrpcChannelOption.SO_REUSEPORT, StandardSocketOptions.SO_REUSEPORT));
    private volatile int backlog = NetUtil.SOMAXCONN;

    VmrpcServerSocketChannelConfig(final AbstractVmrpcServerChannel channel) {
        super(channel, new ServerChannelRecvByteBufAllocator(), OPTIONS);
    }

    @Override
    public Map<ChannelOption<?>, Object> getOptions() {
        return getOptions(super.getOptions(), ChannelOption.SO_BACKLOG);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T getOption(final ChannelOption<T> option) {
        return option == ChannelOption.SO_BACKLOG ? (T)(Integer)backlog : super.getOption(option);
    }

    @Override
    public <T> boolean setOption(final ChannelOption<T> option, final T value) {
        if (option != ChannelOption.SO_BACKLOG) {
            return super.setOption(option, value);
        }
        validate(option, value);
        setBacklog((Integer)value);
        return true;
    }

    @Override
    public int getBacklog() {
        return backlog;
    }

    @Override
    public VmrpcServerSocketChannelConfig setBacklog(final int newBacklog) {
        if (newBacklog < 0) {
            throw new IllegalArgumentException("backlog=" + newBacklog + " must be 0 or more");
        }
        backlog = newBacklog;
        return this;
    }

    @Override
    public int getReceiveBufferSize() {
        return host(StandardSocketOptions.SO_RCVBUF);
    }

    @Override
    public VmrpcServerSocketChannelConfig setReceiveBufferSize(final int receiveBufferSize) {
        host(StandardSocketOptions.SO_RCVBUF, receiveBufferSize);
        return this;
    }

    @Override
    public boolean isReuseAddress() {
        return host(StandardSocketOptions.SO_REUSEADDR);
    }

    @Override
    public VmrpcServerSocketChannelConfig setReuseAddress(final boolean reuseAddress) {
        host(StandardSocketOptions.SO_REUSEADDR, reuseAddress);
        return this;
    }

    /** Means nothing here. */
    @Override
    public VmrpcServerSocketChannelConfig setPerformancePreferences(final int connectionTime, final int latency, final int bandwidth) {
        return this;
    }

    @Override
    public VmrpcServerSocketChannelConfig setWriteBufferHighWaterMark(final int high) {
        super.setWriteBufferHighWaterMark(high);
        return this;
    }

    @Override
    public VmrpcServerSocketChannelConfig setWriteBufferLowWaterMark(final int low) {
        super.setWriteBufferLowWaterMark(low);
        return this;
    }

    @Override
    public VmrpcServerSocketChannelConfig setConnectTimeoutMillis(final int connectTimeoutMillis) {
        super.setConnectTimeoutMillis(connectTimeoutMillis);
        return this;
    }

    @Override
    public VmrpcServerSocketChannelConfig setWriteSpinCount(final int writeSpinCount) {
        super.setWriteSpinCount(writeSpinCount);
        return this;
    }

    @Override
    public VmrpcServerSocketChannelConfig setAllocator(final ByteBufAllocator allocator) {
        super.setAllocator(allocator);
        return this;
    }

    @Override
    public VmrpcServerSocketChannelConfig setRecvByteBufAllocator(final RecvByteBufAllocator allocator) {
        super.setRecvByteBufAllocator(allocator);
        return this;
    }

    @Override
    public VmrpcServerSocketChannelConfig setAutoRead(final boolean autoRead) {
        super.setAutoRead(autoRead);
        return this;
    }

    @Override
    public VmrpcServerSocketChannelConfig setMessageSizeEstimator(final MessageSizeEstimator estimator) {
        super.setMessageSizeEstimator(estimator);
        return this;
    }

    @Override
    public VmrpcServerSocketChannelConfig setWriteBufferWaterMark(final WriteBufferWaterMark mark) {
        super.setWriteBufferWaterMark(mark);
        return this;
    }

    @Override
    @Deprecated
    public VmrpcServerSocketChannelConfig setMaxMessagesPerRead(final int maxMessagesPerRead) {
        super.setMaxMessagesPerRead(maxMessagesPerRead);
        return this;
    }
}
