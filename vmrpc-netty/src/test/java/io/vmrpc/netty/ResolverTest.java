package io.vmrpc.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.resolver.AddressResolver;
import io.netty.util.concurrent.Future;
import io.vmrpc.error.Status;
import io.vmrpc.host.policy.GuestPolicy;
import io.vmrpc.host.policy.Limits;
import io.vmrpc.host.policy.Policy;
import io.vmrpc.host.service.Request;
import io.vmrpc.host.service.Service;
import io.vmrpc.host.socket.SocketService;
import io.vmrpc.netty.NettyLoopback.Wait;
import io.vmrpc.socket.SocketProtocol;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Names of the host for event loops. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ResolverTest {
    private final VmrpcAddressResolverGroup resolvers = new VmrpcAddressResolverGroup();
    private final CountDownLatch asked = new CountDownLatch(1);
    @TempDir
    Path folder;
    private NettyLoopback loopback;

    @AfterEach
    void close() {
        loopback.close();
    }

    /** A host that never answers. */
    private final class Silence implements Service {
        @Override
        public String name() {
            return SocketProtocol.SERVICE;
        }

        @Override
        public void onRequest(final Request request) {
            switch (request.method()) {
                case SocketProtocol.EVENTS -> request.subscribe();
                case SocketProtocol.LOOKUP -> {
                    request.withhold();
                    asked.countDown();
                }
                default -> request.fail(Status.UNIMPLEMENTED, 0, "silence only");
            }
        }
    }

    private void openSilence() throws IOException {
        loopback = new NettyLoopback(folder, Silence::new);
    }

    private static InetSocketAddress unresolved(final String name) {
        return InetSocketAddress.createUnresolved(name, 80);
    }

    private ChannelFuture connect(final EventLoopGroup loops, final String name, final int port) throws InterruptedException {
        return new Bootstrap().group(loops).channel(VmrpcSocketChannel.class).resolver(resolvers).handler(new LoopTest.Echo()).connect(name, port).await();
    }

    @ParameterizedTest
    @EnumSource(Wait.class)
    void connectsByName(final Wait wait) throws Exception {
        loopback = new NettyLoopback(folder);
        final EventLoopGroup loops = loopback.group(1, wait);
        final Channel server = new ServerBootstrap().group(loops).channel(VmrpcServerSocketChannel.class).childHandler(new LoopTest.Echo())
            .bind(NettyLoopback.local(0)).sync().channel();
        final int port = ((InetSocketAddress)server.localAddress()).getPort();
        final Channel channel = connect(loops, "localhost", port).sync().channel();
        assertTrue(channel.isActive());
        assertEquals(port, ((InetSocketAddress)channel.remoteAddress()).getPort());
        final InetSocketAddress found = resolvers.getResolver(loops.next()).resolve(unresolved("localhost")).get();
        assertEquals("localhost", found.getHostString());
        assertEquals(80, found.getPort());
    }

    @Test
    void unknownNameFailsTheConnect() throws Exception {
        loopback = new NettyLoopback(folder);
        final ChannelFuture connect = connect(loopback.group(1, Wait.PARK), "no-such-name.invalid", 80);
        assertInstanceOf(UnknownHostException.class, connect.cause());
        assertTrue(connect.cause().getMessage().contains("no-such-name.invalid"));
        connect.channel().closeFuture().sync();
    }

    @Test
    void policyRefusesNamesAndAddressesNeedNone() throws Exception {
        loopback = new NettyLoopback(folder, () -> new SocketService(Policy.forAll(GuestPolicy.of(Limits.DEFAULT, List.of()))));
        final EventLoopGroup loops = loopback.group(1, Wait.SLEEP);
        final Throwable cause = connect(loops, "localhost", 80).cause();
        assertInstanceOf(SocketException.class, cause);
        assertTrue(cause.getMessage().contains("policy"), cause.getMessage());
        final AddressResolver<InetSocketAddress> resolver = resolvers.getResolver(loops.next());
        assertEquals(new InetSocketAddress("192.0.2.7", 80), resolver.resolve(unresolved("192.0.2.7")).get());
        assertEquals(List.of(new InetSocketAddress("2001:db8::7", 80)), resolver.resolveAll(unresolved("2001:db8::7")).get());
    }

    @ParameterizedTest
    @EnumSource(Wait.class)
    void manyAtOnce(final Wait wait) throws Exception {
        loopback = new NettyLoopback(folder);
        final AddressResolver<InetSocketAddress> resolver = resolvers.getResolver(loopback.group(1, wait).next());
        final List<Future<List<InetSocketAddress>>> found = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            found.add(resolver.resolveAll(unresolved("localhost")));
        }
        for (final Future<List<InetSocketAddress>> each : found) {
            assertTrue(each.get().get(0).getAddress().isLoopbackAddress());
        }
    }

    @ParameterizedTest
    @EnumSource(Wait.class)
    void loopGoesOnMeanwhile(final Wait wait) throws Exception {
        openSilence();
        final EventLoop loop = loopback.group(1, wait).next();
        final Future<InetSocketAddress> found = resolvers.getResolver(loop).resolve(unresolved("slow.test"));
        asked.await();
        for (int i = 0; i < 100; i++) {
            loop.submit(() -> { }).sync();
        }
        loop.schedule(() -> { }, 10, TimeUnit.MILLISECONDS).sync();
        assertFalse(found.isDone());
    }

    @Test
    void timeLimit() throws Exception {
        openSilence();
        final VmrpcAddressResolverGroup impatient = new VmrpcAddressResolverGroup(Duration.ofMillis(50));
        final Future<InetSocketAddress> found = impatient.getResolver(loopback.group(1, Wait.PARK).next()).resolve(unresolved("slow.test")).await();
        assertInstanceOf(UnknownHostException.class, found.cause());
        assertThrows(IllegalArgumentException.class, () -> new VmrpcAddressResolverGroup(Duration.ZERO));
    }

    @ParameterizedTest
    @EnumSource(Wait.class)
    void endOfTheLoopEndsItsLookups(final Wait wait) throws Exception {
        openSilence();
        final EventLoopGroup loops = loopback.group(1, wait);
        final AddressResolver<InetSocketAddress> resolver = resolvers.getResolver(loops.next());
        final List<Future<InetSocketAddress>> found = new ArrayList<>();
        for (int i = 0; i < 500; i++) { // more than are asked at once
            found.add(resolver.resolve(unresolved("slow.test")));
        }
        asked.await();
        final ChannelFuture connect = new Bootstrap().group(loops).channel(VmrpcSocketChannel.class).resolver(resolvers).handler(new LoopTest.Echo())
            .connect("slow.test", 80);
        loops.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        for (final Future<InetSocketAddress> each : found) {
            assertInstanceOf(UnknownHostException.class, each.await().cause());
            assertTrue(each.cause().getMessage().contains("the event loop was shut down"), each.cause().getMessage());
        }
        assertFalse(connect.await().isSuccess());
        assertThrows(IllegalStateException.class, () -> resolvers.getResolver(loops.next()));
    }

    @Test
    void endOfTheAgentEndsLookups() throws Exception {
        openSilence();
        final AddressResolver<InetSocketAddress> resolver = resolvers.getResolver(loopback.group(1, Wait.PARK).next());
        final Future<InetSocketAddress> found = resolver.resolve(unresolved("slow.test"));
        asked.await();
        loopback.stopAgent();
        assertInstanceOf(SocketException.class, found.await().cause());
        final Throwable without = resolver.resolve(unresolved("slow.test")).await().cause();
        assertTrue(without.getMessage().contains("VmrpcGuest.reconnect"), without.getMessage());
        loopback.startAgent();
        loopback.guest.reconnect(Duration.ofSeconds(20));
        assertEquals(80, resolver.resolve(unresolved("192.0.2.7")).get().getPort());
        assertFalse(resolver.resolve(unresolved("slow.test")).await(20)); // asked again, of the new agent
    }

    @Test
    void loopOfAnotherTransportIsRefused() throws Exception {
        openSilence();
        final EventLoopGroup nio = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            final Throwable cause = assertThrows(IllegalStateException.class, () -> resolvers.getResolver(nio.next())).getCause();
            assertTrue(cause.getMessage().contains("use it with loops made with VmrpcIoHandler.newFactory"), cause.getMessage());
        } finally {
            nio.shutdownGracefully(0, 5, TimeUnit.SECONDS);
        }
    }
}
