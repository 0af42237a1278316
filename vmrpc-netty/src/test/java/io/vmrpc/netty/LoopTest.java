package io.vmrpc.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.vmrpc.netty.NettyLoopback.Wait;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Event loops: wake-ups, registration, what is left behind, and the end of the agent. */
@Timeout(value = 100, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LoopTest {
    private static final int CONNECTIONS = Integer.getInteger("vmrpc.netty.connections", 10_000);
    @TempDir
    Path folder;
    private NettyLoopback loopback;

    @BeforeEach
    void open() throws IOException {
        loopback = new NettyLoopback(folder);
    }

    @AfterEach
    void close() {
        loopback.close();
    }

    /** Writes back what it reads. */
    @ChannelHandler.Sharable
    static class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(final ChannelHandlerContext context, final Object msg) {
            context.writeAndFlush(msg);
        }
    }

    private static Bootstrap client(final EventLoopGroup group, final ChannelHandler handler) {
        return new Bootstrap().group(group).channel(VmrpcSocketChannel.class).handler(handler);
    }

    private static Channel server(final EventLoopGroup parent, final EventLoopGroup children, final ChannelHandler handler) throws InterruptedException {
        return new ServerBootstrap().group(parent, children).channel(VmrpcServerSocketChannel.class).childHandler(handler)
            .bind(NettyLoopback.local(0)).sync().channel();
    }

    @ParameterizedTest
    @EnumSource(Wait.class)
    void tasksOfOtherThreadsEndTheWait(final Wait wait) throws Exception {
        final EventLoop loop = loopback.group(1, wait).next();
        final AtomicInteger done = new AtomicInteger();
        final Thread[] threads = new Thread[3];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(() -> {
                for (int task = 0; task < 5_000; task++) {
                    loop.submit(done::incrementAndGet).syncUninterruptibly(); // one that were lost would be waited for for ever
                }
            });
            threads[i].start();
        }
        for (final Thread thread : threads) {
            thread.join();
        }
        assertEquals(3 * 5_000, done.get());
    }

    @ParameterizedTest
    @EnumSource(Wait.class)
    void timersComeOnTheirOwn(final Wait wait) throws Exception {
        final EventLoop loop = loopback.group(1, wait).next();
        final long begun = System.nanoTime();
        loop.schedule(() -> { }, 30, TimeUnit.MILLISECONDS).sync();
        assertTrue(System.nanoTime() - begun >= Duration.ofMillis(30).toNanos());
    }

    @Test
    void acceptedConnectionsGoToOtherLoops() throws Exception {
        final Set<EventLoop> loops = ConcurrentHashMap.newKeySet();
        final EventLoopGroup parent = loopback.group(1, Wait.PARK);
        final Channel server = server(parent, loopback.group(3, Wait.SLEEP), new Echo() {
            @Override
            public void channelActive(final ChannelHandlerContext context) {
                loops.add(context.channel().eventLoop());
            }

            @Override
            public boolean isSharable() {
                return true;
            }
        });
        for (int i = 0; i < 6; i++) {
            final CompletableFuture<ByteBuf> echo = new CompletableFuture<>();
            final Channel channel = client(parent, new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(final ChannelHandlerContext context, final Object msg) {
                    echo.complete((ByteBuf)msg);
                }
            }).connect(server.localAddress()).sync().channel();
            channel.writeAndFlush(Unpooled.copyInt(i));
            assertEquals(i, echo.get().readInt());
            echo.get().release();
            channel.close().sync();
        }
        assertEquals(3, loops.size());
        assertFalse(loops.contains(server.eventLoop()));
    }

    @Test
    void loopOfAnotherTransportIsRefused() throws Exception {
        final EventLoopGroup nio = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            final ChannelFuture connect = client(nio, new Echo()).connect(NettyLoopback.local(1)).await();
            assertInstanceOf(IllegalStateException.class, connect.cause());
            assertTrue(connect.cause().getMessage().contains("use a MultiThreadIoEventLoopGroup made with VmrpcIoHandler.newFactory"));
            assertFalse(connect.channel().isOpen());
        } finally {
            nio.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
        final ChannelFuture other = new Bootstrap().group(loopback.group(1, Wait.SLEEP)).channel(NioSocketChannel.class).handler(new Echo())
            .connect(NettyLoopback.local(1)).await();
        assertInstanceOf(IllegalStateException.class, other.cause());
    }

    @Test
    void channelStaysAtItsLoop() throws Exception {
        final EventLoopGroup group = loopback.group(2, Wait.SLEEP);
        final Channel server = server(group, group, new Echo());
        final CompletableFuture<Integer> echo = new CompletableFuture<>();
        final Channel channel = client(group, new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(final ChannelHandlerContext context, final Object msg) {
                echo.complete(((ByteBuf)msg).readInt());
                ((ByteBuf)msg).release();
            }
        }).connect(server.localAddress()).sync().channel();
        final EventLoop home = channel.eventLoop();
        channel.deregister().sync();
        home.register(channel).sync();
        channel.writeAndFlush(Unpooled.copyInt(7)).sync();
        assertEquals(7, echo.get());
        channel.deregister().sync();
        final EventLoop other = group.next() == home ? group.next() : home;
        assertInstanceOf(IllegalStateException.class, (other == home ? group.next() : other).register(channel).await().cause());
    }

    private static long descriptors() {
        return new File("/proc/self/fd").list().length;
    }

    @Test
    void connectionsLeaveNothingBehind() throws Exception {
        final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, false);
        final EventLoopGroup group = loopback.group(2, Wait.PARK);
        final Channel server = new ServerBootstrap().group(group).channel(VmrpcServerSocketChannel.class).childHandler(new Echo())
            .childOption(ChannelOption.ALLOCATOR, allocator).bind(NettyLoopback.local(0)).sync().channel();
        final Bootstrap client = client(group, new ChannelInboundHandlerAdapter() {
            @Override
            public void channelActive(final ChannelHandlerContext context) {
                context.writeAndFlush(context.alloc().buffer(16).writeZero(16));
            }

            @Override
            public void channelRead(final ChannelHandlerContext context, final Object msg) {
                ((ByteBuf)msg).release();
                context.close();
            }

            @Override
            public boolean isSharable() {
                return true;
            }
        }).option(ChannelOption.ALLOCATOR, allocator).option(ChannelOption.SO_LINGER, 0); // else ports run out in TIME_WAIT
        connect(client, server, 200);
        final long before = descriptors();
        connect(client, server, CONNECTIONS);
        while (descriptors() > before || allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory() > 0) {
            Thread.sleep(10); // the last ones are still being closed
        }
        assertTrue(server.isActive());
    }

    private static void connect(final Bootstrap client, final Channel server, final int count) throws Exception {
        final Semaphore free = new Semaphore(100);
        final CompletableFuture<Void> failure = new CompletableFuture<>();
        for (int i = 0; i < count && !failure.isDone(); i++) {
            free.acquire();
            client.connect(server.localAddress()).addListener((ChannelFuture connected) -> {
                if (!connected.isSuccess()) {
                    failure.completeExceptionally(connected.cause());
                }
                connected.channel().closeFuture().addListener(closed -> free.release());
            });
        }
        free.acquire(100);
        if (failure.isDone()) {
            failure.get();
        }
    }

    @Test
    void moreConnectsThanTheRingHoldsTakeTurns() throws Exception {
        final EventLoopGroup group = loopback.group(1, Wait.PARK);
        final Channel server = server(group, group, new Echo());
        final ChannelFuture[] connects = new ChannelFuture[600];
        for (int i = 0; i < connects.length; i++) {
            connects[i] = client(group, new Echo()).option(ChannelOption.SO_LINGER, 0).connect(server.localAddress());
        }
        for (final ChannelFuture connect : connects) {
            connect.sync().channel().close();
        }
    }

    /** Keeps the first exception. */
    private static final class Failures extends ChannelInboundHandlerAdapter {
        final CompletableFuture<Throwable> first = new CompletableFuture<>();

        @Override
        public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause) {
            first.complete(cause);
        }
    }

    @ParameterizedTest
    @EnumSource(Wait.class)
    void endOfTheAgentIsTheEndOfItsChannels(final Wait wait) throws Exception {
        final EventLoopGroup group = loopback.group(1, wait);
        final Channel server = server(group, group, new Echo());
        final Failures failures = new Failures();
        final Channel channel = client(group, failures).connect(server.localAddress()).sync().channel();
        loopback.stopAgent();
        assertTrue(failures.first.get().getMessage().contains("the agent was restarted or the session ended"), failures.first.get().getMessage());
        channel.closeFuture().sync();
        server.closeFuture().sync();
        final ChannelFuture late = client(group, new Echo()).connect(NettyLoopback.local(1)).await();
        assertInstanceOf(IOException.class, late.cause());
        assertTrue(late.cause().getMessage().contains("VmrpcGuest.reconnect"), late.cause().getMessage());
        loopback.startAgent();
        loopback.guest.reconnect(Duration.ofSeconds(20));
        final Channel again = server(group, group, new Echo());
        client(group, new Echo()).connect(again.localAddress()).sync().channel().close().sync();
    }

    @Test
    void factoryOfYourOwn() throws Exception {
        final CompletableFuture<Thread> opener = new CompletableFuture<>();
        final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, VmrpcIoHandler.newFactory(() -> {
            opener.complete(Thread.currentThread());
            return loopback.guest.openSockets(io.vmrpc.guest.Waiting.sleeping());
        }));
        try {
            final Channel server = server(group, group, new Echo());
            assertSame(opener.get(), server.eventLoop().submit(Thread::currentThread).get());
            client(group, new Echo()).connect(server.localAddress()).sync();
        } finally {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
    }

    @Test
    void factoryThatFailsFailsChannels() throws ExecutionException, InterruptedException {
        final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, VmrpcIoHandler.newFactory(() -> {
            throw new IOException("no agent today");
        }));
        try {
            assertEquals(5, group.submit(() -> 5).get());
            assertEquals(6, group.schedule(() -> 6, 10, TimeUnit.MILLISECONDS).get());
            final ChannelFuture connect = client(group, new Echo()).connect(NettyLoopback.local(1)).await();
            assertTrue(connect.cause().getMessage().contains("no agent today"), connect.cause().getMessage());
        } finally {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
    }
}
