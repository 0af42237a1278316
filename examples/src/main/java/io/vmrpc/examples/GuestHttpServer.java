package io.vmrpc.examples;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.codec.http.HttpVersion;
import io.vmrpc.guest.GuestContext;
import io.vmrpc.guest.VcpuContext;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.netty.VmrpcIoHandler;
import io.vmrpc.netty.VmrpcServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A guest's HTTP service on Netty: answers with the time and the number of requests. It listens at the host, whose agent must allow that in
 * its policy. In a VM:
 *
 * <pre>
 * cat &gt; policy.yaml &lt;&lt;END
 * guests:
 *   - region: /dev/shm/vmrpc-http
 *     rules:
 *       - {name: http, direction: inbound, protocol: [tcp], addresses: ["0.0.0.0"], ports: [8080]}
 * END
 * ./vmrpc agent --region /dev/shm/vmrpc-http --policy policy.yaml &amp;
 * ./vmrpc vm run --region /dev/shm/vmrpc-http -- java --add-opens java.base/jdk.internal.misc=ALL-UNNAMED \
 *     -cp 'examples/target/classes:examples/target/lib/*' io.vmrpc.examples.GuestHttpServer 8080
 * curl http://127.0.0.1:8080/   # from another shell of the host
 * </pre>
 */
public final class GuestHttpServer {
    private static final int MAX_REQUEST = 64 * 1024;

    private GuestHttpServer() {
    }

    // readme: begin
    static Channel serve(final EventLoopGroup loops, final int port) throws InterruptedException {
        return new ServerBootstrap().group(loops)
            .channel(VmrpcServerSocketChannel.class)
            .childHandler(new HttpInitializer())
            .bind(port).sync().channel();
    }

    static EventLoopGroup loops(final VmrpcGuest guest, final VcpuContext cpu) { // one loop, which owns a vCPU and parks it to wait
        return new MultiThreadIoEventLoopGroup(1, VmrpcIoHandler.newFactory(guest, () -> guest.bind(cpu)));
    }
    // readme: end

    /** What a connection's bytes go through. */
    private static final class HttpInitializer extends ChannelInitializer<SocketChannel> {
        private final Answer answer = new Answer();

        @Override
        protected void initChannel(final SocketChannel channel) {
            channel.pipeline().addLast(new HttpServerCodec(), new HttpServerKeepAliveHandler(), new HttpObjectAggregator(MAX_REQUEST), answer);
        }
    }

    /** Answers each request. */
    @ChannelHandler.Sharable
    private static final class Answer extends SimpleChannelInboundHandler<FullHttpRequest> {
        private final AtomicLong requests = new AtomicLong();

        @Override
        protected void channelRead0(final ChannelHandlerContext context, final FullHttpRequest request) {
            final String text = Instant.now() + ", request " + requests.incrementAndGet() + "\n";
            final FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK,
                Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain").set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
            context.writeAndFlush(response);
        }
    }

    /**
     * Serves until it is killed.
     *
     * @param args the port; in loopback also the region's file.
     * @throws InterruptedException never.
     */
    public static void main(final String[] args) throws InterruptedException {
        final boolean isLoopback = args.length > 1;
        final GuestContext where = isLoopback ? new GuestContext().region(Path.of(args[1])) : new GuestContext();
        try (VmrpcGuest guest = VmrpcGuest.connect(where)) {
            final EventLoopGroup loops = loops(guest, isLoopback ? new VcpuContext().priority(0).lockMemory(false) : new VcpuContext());
            try {
                final Channel server = serve(loops, Integer.parseInt(args[0]));
                System.out.println("serves http at " + server.localAddress() + " of the host");
                server.closeFuture().sync(); // comes if the agent goes
            } finally {
                loops.shutdownGracefully().sync();
            }
        }
    }
}
