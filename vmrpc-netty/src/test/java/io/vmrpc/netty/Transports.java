package io.vmrpc.netty;

import io.netty.bootstrap.AbstractBootstrap;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapFactory;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Bootstraps of this transport, and of NIO for the other end, for tests that take them from elsewhere. One agent and its loops serve all
 * tests of the process; one loop parks, the others sleep.
 */
public final class Transports implements BeforeAllCallback {
    private static Open open;

    /** What is closed when all tests have run. */
    private static final class Open implements AutoCloseable {
        private final Path folder = Files.createTempDirectory("vmrpc-netty");
        private final AtomicInteger paths = new AtomicInteger();
        private final NettyLoopback loopback = new NettyLoopback(folder);
        private final EventLoopGroup servers = loopback.group(2, NettyLoopback.Wait.SLEEP);
        private final EventLoopGroup clients = loopback.group(2, NettyLoopback.Wait.PARK);
        private final EventLoopGroup nio = new MultiThreadIoEventLoopGroup(2, new DefaultThreadFactory("nio", true), NioIoHandler.newFactory());

        Open() throws IOException {
        }

        @Override
        public void close() throws IOException {
            nio.shutdownGracefully(0, 5, TimeUnit.SECONDS);
            loopback.close();
            Files.deleteIfExists(folder.resolve("region"));
            Files.deleteIfExists(folder);
        }
    }

    @Override
    public void beforeAll(final ExtensionContext context) {
        open = context.getRoot().getStore(Namespace.create(Transports.class)).getOrComputeIfAbsent(Open.class, key -> newOpen(), Open.class);
    }

    private static Open newOpen() {
        try {
            return new Open();
        } catch (final IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static Bootstrap client() {
        return new Bootstrap().group(open.clients).channel(VmrpcSocketChannel.class);
    }

    static ServerBootstrap server() {
        return new ServerBootstrap().group(open.servers).channel(VmrpcServerSocketChannel.class);
    }

    private static Bootstrap nioClient() {
        return new Bootstrap().group(open.nio).channel(NioSocketChannel.class);
    }

    private static ServerBootstrap nioServer() {
        return new ServerBootstrap().group(open.nio).channel(NioServerSocketChannel.class);
    }

    static Bootstrap datagrams(final SocketProtocolFamily family) {
        return new Bootstrap().group(open.clients).channelFactory(() -> new VmrpcDatagramChannel(family));
    }

    private static Bootstrap nioDatagrams(final SocketProtocolFamily family) {
        return new Bootstrap().group(open.nio).channelFactory(() -> new NioDatagramChannel(family));
    }

    /** Client and server over VMRPC, and each with NIO at the other end. */
    static List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> streams() {
        return List.of(combo(Transports::server, Transports::client), combo(Transports::server, Transports::nioClient),
            combo(Transports::nioServer, Transports::client));
    }

    /** Client and server over VMRPC. */
    static List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> bothEnds() {
        return List.of(combo(Transports::server, Transports::client));
    }

    static List<BootstrapComboFactory<Bootstrap, Bootstrap>> datagramPairs(final SocketProtocolFamily family) {
        return List.of(combo(() -> datagrams(family), () -> datagrams(family)), combo(() -> datagrams(family), () -> nioDatagrams(family)),
            combo(() -> nioDatagrams(family), () -> datagrams(family)));
    }

    /** The same by Unix sockets. */
    static List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> domainSockets() {
        return List.of(combo(() -> new ServerBootstrap().group(open.servers).channel(VmrpcServerDomainSocketChannel.class),
            () -> new Bootstrap().group(open.clients).channel(VmrpcDomainSocketChannel.class)));
    }

    /** A path for a socket, which goes with it. */
    static UnixDomainSocketAddress newPath() {
        return UnixDomainSocketAddress.of(open.folder.resolve("s" + open.paths.incrementAndGet()));
    }

    static List<BootstrapFactory<Bootstrap>> clients() {
        return List.of(Transports::client);
    }

    static List<BootstrapFactory<ServerBootstrap>> servers() {
        return List.of(Transports::server);
    }

    static List<BootstrapFactory<Bootstrap>> datagramClients() {
        return List.of(() -> datagrams(null));
    }

    private static <S extends AbstractBootstrap<?, ?>, C extends AbstractBootstrap<?, ?>>
        BootstrapComboFactory<S, C> combo(final BootstrapFactory<S> server, final BootstrapFactory<C> client) {
        return new BootstrapComboFactory<>() {
            @Override
            public S newServerInstance() {
                return server.newInstance();
            }

            @Override
            public C newClientInstance() {
                return client.newInstance();
            }
        };
    }
}
