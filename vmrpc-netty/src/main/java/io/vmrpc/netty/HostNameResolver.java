package io.vmrpc.netty;

import io.netty.channel.IoEventLoop;
import io.netty.resolver.InetNameResolver;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.FutureListener;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.util.List;

/** Resolves names by the sockets of one loop. Any thread. */
final class HostNameResolver extends InetNameResolver {
    private final IoEventLoop loop;
    private final long timeoutNs;

    HostNameResolver(final IoEventLoop loop, final long timeoutNs) {
        super(loop);
        this.loop = loop;
        this.timeoutNs = timeoutNs;
    }

    @Override
    protected void doResolve(final String name, final Promise<InetAddress> promise) {
        resolveAll(name).addListener((FutureListener<List<InetAddress>>)found -> {
            if (found.isSuccess()) {
                promise.trySuccess(found.getNow().get(0));
            } else {
                promise.tryFailure(found.cause());
            }
        });
    }

    @Override
    protected void doResolveAll(final String name, final Promise<List<InetAddress>> promise) {
        final InetAddress address = NetUtil.createInetAddressFromIpAddressString(name);
        if (address != null) {
            promise.trySuccess(List.of(address));
        } else {
            new HostLookup(name, timeoutNs, promise).begin(loop);
        }
    }
}
