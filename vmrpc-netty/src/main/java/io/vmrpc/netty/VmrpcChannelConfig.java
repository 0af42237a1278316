package io.vmrpc.netty;

import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import java.net.SocketOption;
import java.util.Map;

/** Options that are the host's, beside Netty's own. For any thread, as {@link SocketOptions}. */
abstract class VmrpcChannelConfig extends DefaultChannelConfig {
    private final AbstractVmrpcChannel<?> ofChannel;
    private final Map<ChannelOption<?>, SocketOption<?>> hosts;

    VmrpcChannelConfig(final AbstractVmrpcChannel<?> channel, final Map<ChannelOption<?>, SocketOption<?>> hosts) {
        super(channel);
        ofChannel = channel;
        this.hosts = hosts;
    }

    VmrpcChannelConfig(final AbstractVmrpcChannel<?> channel, final RecvByteBufAllocator allocator,
        final Map<ChannelOption<?>, SocketOption<?>> hosts) {
        super(channel, allocator);
        ofChannel = channel;
        this.hosts = hosts;
    }

    @Override
    public Map<ChannelOption<?>, Object> getOptions() {
        return getOptions(super.getOptions(), hosts.keySet().toArray(new ChannelOption<?>[0]));
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T getOption(final ChannelOption<T> option) {
        final SocketOption<?> ofHost = hosts.get(option);
        return ofHost == null ? super.getOption(option) : (T)host(ofHost);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> boolean setOption(final ChannelOption<T> option, final T value) {
        final SocketOption<?> ofHost = hosts.get(option);
        if (ofHost == null) {
            return super.setOption(option, value);
        }
        validate(option, value);
        host((SocketOption<T>)ofHost, value);
        return true;
    }

    /** The host's value. */
    final <T> T host(final SocketOption<T> option) {
        return ofChannel.options.get(option);
    }

    final <T> void host(final SocketOption<T> option, final T value) {
        ofChannel.options.set(option, value);
    }

    @Override
    protected final void autoReadCleared() {
        ofChannel.autoReadCleared();
    }
}
