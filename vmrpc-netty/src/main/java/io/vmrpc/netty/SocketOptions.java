package io.vmrpc.netty;

import io.netty.channel.ChannelException;
import io.netty.util.internal.logging.InternalLogLevel;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.vmrpc.error.StatusException;
import io.vmrpc.guest.socket.VmSocket;
import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Options of a channel's socket: kept until it is opened, then the host's. For any thread; one that is not the loop's waits for the loop,
 * so the handlers of two loops must not ask each other's channels at the same time.
 */
final class SocketOptions {
    private static final InternalLogger LOG = InternalLoggerFactory.getInstance(SocketOptions.class);
    private final AbstractVmrpcChannel<?> channel;
    private final Map<SocketOption<?>, Object> wanted = new LinkedHashMap<>();
    private boolean isApplied;

    SocketOptions(final AbstractVmrpcChannel<?> channel) {
        this.channel = channel;
    }

    /** Sets an option, now or when there is a socket. */
    <T> void set(final SocketOption<T> option, final T value) {
        synchronized (wanted) {
            wanted.put(option, value);
            if (!isApplied) {
                return;
            }
        }
        onLoop(() -> {
            channel.openSocket().setOption(option, value);
            return null;
        });
    }

    /** The host's value; while there is no socket what was set, or false, 0, or -1 for SO_LINGER. */
    <T> T get(final SocketOption<T> option) {
        synchronized (wanted) {
            if (!isApplied) {
                return wanted.containsKey(option) ? option.type().cast(wanted.get(option)) : fallback(option);
            }
        }
        return onLoop(() -> channel.openSocket().getOption(option));
    }

    private static <T> T fallback(final SocketOption<T> option) {
        final Object value = option.type() == Boolean.class ? (Object)false : (Object)(option == StandardSocketOptions.SO_LINGER ? -1 : 0);
        return option.type().cast(value);
    }

    /** Sets what was kept. The host's refusal is logged, as bootstraps do; a socket that its peer has reset fails by itself. */
    void apply(final VmSocket socket) {
        final Map<SocketOption<?>, Object> kept;
        synchronized (wanted) {
            isApplied = true;
            kept = new LinkedHashMap<>(wanted);
        }
        kept.forEach((option, value) -> apply(socket, option, value));
    }

    private <T> void apply(final VmSocket socket, final SocketOption<T> option, final Object value) {
        try {
            socket.setOption(option, option.type().cast(value));
        } catch (final IOException | UnsupportedOperationException e) {
            final boolean isRefusal = !(e instanceof IOException) || e.getCause() instanceof StatusException;
            LOG.log(isRefusal ? InternalLogLevel.WARN : InternalLogLevel.DEBUG, "Failed to set channel option '{}' with value '{}' for channel '{}'",
                option, value, channel, e);
        }
    }

    private <T> T onLoop(final Callable<T> call) {
        try {
            return channel.eventLoop().inEventLoop() ? call.call() : channel.eventLoop().submit(call).syncUninterruptibly().getNow();
        } catch (final RuntimeException e) {
            throw e;
        } catch (final Exception e) { // syncUninterruptibly throws undeclared ones
            throw new ChannelException(e);
        }
    }
}
