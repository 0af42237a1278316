package io.vmrpc.netty;

import io.netty.channel.IoEventLoop;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * Has the host look names up, for a guest without a network of its own has nobody to ask. Netty's default asks the guest's own
 * resolver, and its loop waits for that; here the loop goes on.
 *
 * <pre>{@code
 * new Bootstrap().group(loops).channel(VmrpcSocketChannel.class)
 *     .resolver(new VmrpcAddressResolverGroup())
 *     .handler(handler)
 *     .connect("server.example.com", 443);
 * }</pre>
 *
 * <p>A guest that the operator's policy lets reach no address is refused names as well, with the {@link java.net.SocketException} that
 * says so. A name that the host does not know, or not in time, is an {@link java.net.UnknownHostException}. Addresses come in the host's
 * order, with the name that was asked for; addresses as text are not asked for. Nothing is kept here: the agent keeps what it found, as
 * any Java program does.
 *
 * <p>One group serves any number of bootstraps and loops, for any thread; loops made with {@link VmrpcIoHandler} only. It need not be
 * closed.
 */
public final class VmrpcAddressResolverGroup extends AddressResolverGroup<InetSocketAddress> {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private final Duration timeout;

    /** A group whose lookups fail after 10 s. */
    public VmrpcAddressResolverGroup() {
        this(TIMEOUT);
    }

    /**
     * A group with a time limit.
     *
     * @param timeout after which a lookup fails.
     */
    public VmrpcAddressResolverGroup(final Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout=" + timeout + " must be more than nothing");
        }
        this.timeout = timeout;
    }

    @Override
    protected AddressResolver<InetSocketAddress> newResolver(final EventExecutor executor) {
        if (!(executor instanceof IoEventLoop loop) || !loop.isCompatible(VmrpcIoHandle.class)) {
            throw new IllegalStateException("a VmrpcAddressResolverGroup cannot resolve for a " + executor.getClass().getSimpleName() +
                " of another transport: use it with loops made with VmrpcIoHandler.newFactory");
        }
        return new HostNameResolver(loop, timeout.toNanos()).asAddressResolver();
    }
}
