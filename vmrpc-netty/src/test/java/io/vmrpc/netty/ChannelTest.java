package io.vmrpc.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.vmrpc.netty.NettyLoopback.Wait;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Netty's own tests leave out of channels, with sockets of the JDK at the other end. */
@Timeout(value = 50, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChannelTest {
    @TempDir
    Path folder;
    private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
    private final List<java.nio.channels.SocketChannel> fillers = new ArrayList<>();
    private NettyLoopback loopback;
    private EventLoopGroup group;

    @BeforeEach
    void open() throws IOException {
        loopback = new NettyLoopback(folder);
        group = loopback.group(1, Wait.PARK);
    }

    @AfterEach
    void close() {
        CloseHelper.closeAll(fillers);
        loopback.close();
    }

    /** Writes down what it is told. */
    @ChannelHandler.Sharable
    private final class Log extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(final ChannelHandlerContext context, final Object msg) {
            events.add(msg);
        }

        @Override
        public void channelWritabilityChanged(final ChannelHandlerContext context) {
            events.add(context.channel().isWritable());
        }

        @Override
        public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause) {
            events.add(cause);
        }

        @Override
        public void channelInactive(final ChannelHandlerContext context) {
            events.add("inactive");
        }
    }

    private Bootstrap client() {
        return new Bootstrap().group(group).channel(VmrpcSocketChannel.class).handler(new Log());
    }

    private static ServerSocket server(final int backlog) throws IOException {
        return new ServerSocket(0, backlog, InetAddress.getLoopbackAddress());
    }

    /** A listener whose backlog is full: its kernel answers no connect. */
    private ServerSocket fullServer() throws IOException {
        final ServerSocket server = server(1);
        for (int i = 0; i < 4; i++) {
            final java.nio.channels.SocketChannel filler = java.nio.channels.SocketChannel.open();
            fillers.add(filler);
            filler.configureBlocking(false);
            filler.connect(server.getLocalSocketAddress());
        }
        return server;
    }

    @Test
    void refusedConnectNamesTheAddress() throws Exception {
        final InetSocketAddress gone;
        try (ServerSocket server = server(1)) {
            gone = (InetSocketAddress)server.getLocalSocketAddress();
        }
        final ChannelFuture connect = client().connect(gone).await();
        assertInstanceOf(ConnectException.class, connect.cause());
        assertTrue(connect.cause().getMessage().endsWith(gone.toString()), connect.cause().getMessage());
        connect.channel().closeFuture().sync();
    }

    @Test
    void connectTimesOut() throws Exception {
        try (ServerSocket server = fullServer()) {
            final ChannelFuture connect = client().option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 200).connect(server.getLocalSocketAddress()).await();
            assertInstanceOf(ConnectTimeoutException.class, connect.cause());
            connect.channel().closeFuture().sync();
        }
    }

    @Test
    void connectIsCancelled() throws Exception {
        try (ServerSocket server = fullServer()) {
            final ChannelFuture connect = client().connect(server.getLocalSocketAddress());
            assertFalse(connect.await(200));
            assertTrue(connect.cancel(false));
            connect.channel().closeFuture().sync();
            assertFalse(connect.channel().isActive());
        }
    }

    @Test
    void closeEndsAConnect() throws Exception {
        try (ServerSocket server = fullServer()) {
            final ChannelFuture connect = client().connect(server.getLocalSocketAddress());
            assertFalse(connect.await(200));
            connect.channel().close().sync();
            assertInstanceOf(ClosedChannelException.class, connect.cause());
        }
    }

    @Test
    void localAddressIsBound() throws Exception {
        try (ServerSocket server = server(5)) {
            final Channel channel = client().connect(server.getLocalSocketAddress(), NettyLoopback.local(0)).sync().channel();
            try (Socket peer = server.accept()) {
                assertEquals(peer.getRemoteSocketAddress(), channel.localAddress());
            }
        }
    }

    @Test
    void resetIsAnIoException() throws Exception {
        try (ServerSocket server = server(5)) {
            final Channel channel = client().connect(server.getLocalSocketAddress()).sync().channel();
            final Socket peer = server.accept();
            peer.setSoLinger(true, 0);
            peer.close();
            assertEquals("Connection reset", assertInstanceOf(IOException.class, events.take()).getMessage());
            assertEquals("inactive", events.take());
            assertInstanceOf(ClosedChannelException.class, channel.writeAndFlush(Unpooled.copyInt(1)).await().cause());
        }
    }

    @Test
    void slowPeerStopsTheWriterAndLosesNothing() throws Exception {
        try (ServerSocket server = server(5)) {
            server.setReceiveBufferSize(4096);
            final Channel channel = client().option(ChannelOption.SO_SNDBUF, 8192).connect(server.getLocalSocketAddress()).sync().channel();
            final int chunk = 1 << 20;
            for (int i = 0; i < 8; i++) {
                final ByteBuf buffer = channel.alloc().buffer(chunk);
                for (int at = 0; at < chunk; at += 4) {
                    buffer.writeInt(i * chunk + at);
                }
                channel.writeAndFlush(buffer);
            }
            assertEquals(false, events.take());
            try (Socket peer = server.accept()) {
                final ByteBuf all = Unpooled.wrappedBuffer(peer.getInputStream().readNBytes(8 * chunk));
                for (int at = 0; at < 8 * chunk; at += 4) {
                    assertEquals(at, all.readInt());
                }
                while (!channel.isWritable()) {
                    events.take();
                }
            }
        }
    }

    @Test
    void withoutAutoReadNothingIsRead() throws Exception {
        try (ServerSocket server = server(5)) {
            final Channel channel = client().option(ChannelOption.AUTO_READ, false).connect(server.getLocalSocketAddress()).sync().channel();
            try (Socket peer = server.accept()) {
                peer.getOutputStream().write(new byte[10]);
                Thread.sleep(50);
                assertNull(events.poll());
                channel.read();
                final ByteBuf read = (ByteBuf)events.take();
                assertEquals(10, read.readableBytes());
                read.release();
            } // its end comes although nobody reads, as with epoll
            assertEquals("inactive", events.take());
        }
    }

    @Test
    void optionsAreTheHosts() throws Exception {
        try (ServerSocket server = server(5)) {
            final SocketChannel channel = (SocketChannel)client().option(ChannelOption.SO_KEEPALIVE, true).option(VmrpcChannelOption.TCP_KEEPIDLE, 77)
                .connect(server.getLocalSocketAddress()).sync().channel();
            assertTrue(channel.config().isKeepAlive()); // this thread waits for the loop
            assertTrue(channel.config().isTcpNoDelay());
            assertEquals(77, channel.config().getOption(VmrpcChannelOption.TCP_KEEPIDLE));
            assertTrue(channel.config().setTcpNoDelay(false).setSoLinger(3).getReceiveBufferSize() > 0);
            assertFalse(channel.config().isTcpNoDelay());
            assertEquals(3, channel.config().getSoLinger());
            assertEquals(77, channel.config().getOptions().get(VmrpcChannelOption.TCP_KEEPIDLE));
            channel.close().sync();
        }
    }

    @Test
    void optionsBeforeThereIsASocketAreKept() {
        final VmrpcSocketChannel channel = new VmrpcSocketChannel();
        assertTrue(channel.config().isTcpNoDelay());
        assertEquals(-1, channel.config().getSoLinger());
        assertEquals(5, channel.config().setSoLinger(5).getSoLinger());
        channel.unsafe().closeForcibly();
    }

    private DatagramPacket nextPacket() throws InterruptedException {
        Object event;
        do {
            event = events.take();
        } while (event instanceof Boolean);
        return (DatagramPacket)event;
    }

    @Test
    void datagramsOfAllLengths() throws Exception {
        final Bootstrap bootstrap = new Bootstrap().group(group).channelFactory(() -> new VmrpcDatagramChannel(SocketProtocolFamily.INET))
            .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(65_536)).handler(new Log());
        final Channel receiver = bootstrap.bind(NettyLoopback.local(0)).sync().channel();
        final Channel sender = bootstrap.bind(NettyLoopback.local(0)).sync().channel();
        for (final int length : new int[] {0, 1, 1472, 2048, 9000, 65_507}) {
            sender.writeAndFlush(new DatagramPacket(Unpooled.buffer().writeZero(length), (InetSocketAddress)receiver.localAddress())).sync();
            final DatagramPacket packet = nextPacket();
            assertEquals(length, packet.content().readableBytes());
            assertEquals(sender.localAddress(), packet.sender());
            packet.release();
        }
        final ChannelFuture tooLong = sender.writeAndFlush(new DatagramPacket(Unpooled.buffer().writeZero(70_000), (InetSocketAddress)receiver.localAddress()));
        assertInstanceOf(IOException.class, tooLong.await().cause());
        assertTrue(sender.isActive());
    }
}
