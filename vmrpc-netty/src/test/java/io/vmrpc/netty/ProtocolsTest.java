package io.vmrpc.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.netty.util.CharsetUtil;
import io.vmrpc.netty.NettyLoopback.Wait;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Protocols on top of the transport, client and server. */
@Timeout(value = 50, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProtocolsTest {
    private static final int LONG = 300_000;
    @TempDir
    Path folder;
    private NettyLoopback loopback;
    private EventLoopGroup servers;
    private EventLoopGroup clients;

    @BeforeEach
    void open() throws IOException {
        loopback = new NettyLoopback(folder);
        servers = loopback.group(1, Wait.SLEEP);
        clients = loopback.group(1, Wait.PARK);
    }

    @AfterEach
    void close() {
        loopback.close();
    }

    private static <C extends Channel> ChannelHandler initializer(final Consumer<C> init) {
        return new ChannelInitializer<C>() {
            @Override
            protected void initChannel(final C channel) {
                init.accept(channel);
            }
        };
    }

    private Channel bind(final Consumer<Channel> init) throws InterruptedException {
        return new ServerBootstrap().group(servers).channel(VmrpcServerSocketChannel.class).childHandler(initializer(init))
            .bind(NettyLoopback.local(0)).sync().channel();
    }

    private Channel connect(final Channel server, final Consumer<Channel> init) throws InterruptedException {
        return new Bootstrap().group(clients).channel(VmrpcSocketChannel.class).handler(initializer(init)).connect(server.localAddress()).sync()
            .channel();
    }

    /** Answers a request with its own content. */
    private static final class HttpEcho extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(final ChannelHandlerContext context, final FullHttpRequest request) {
            final FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, request.content().retain());
            HttpUtil.setContentLength(response, response.content().readableBytes());
            context.writeAndFlush(response);
        }
    }

    private static void addHttpServer(final Channel channel) {
        channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(LONG), new HttpEcho());
    }

    private static void addHttpClient(final Channel channel, final CompletableFuture<Integer> length) {
        channel.pipeline().addLast(new HttpClientCodec(), new HttpObjectAggregator(LONG), new SimpleChannelInboundHandler<FullHttpResponse>() {
            @Override
            protected void channelRead0(final ChannelHandlerContext context, final FullHttpResponse response) {
                length.complete(response.content().readableBytes());
            }
        });
    }

    private static void post(final Channel channel) {
        final FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/", Unpooled.buffer().writeZero(LONG));
        HttpUtil.setContentLength(request, LONG);
        channel.writeAndFlush(request);
    }

    @Test
    void http1() throws Exception {
        final CompletableFuture<Integer> length = new CompletableFuture<>();
        post(connect(bind(ProtocolsTest::addHttpServer), channel -> addHttpClient(channel, length)));
        assertEquals(LONG, length.get());
    }

    @Test
    void http1OverTls() throws Exception {
        final X509Bundle bundle = new CertificateBuilder().subject("CN=localhost").addSanDnsName("localhost").setIsCertificateAuthority(true).buildSelfSigned();
        final SslContext ofServer = SslContextBuilder.forServer(bundle.toKeyManagerFactory()).build();
        final SslContext ofClient = SslContextBuilder.forClient().trustManager(bundle.toTrustManagerFactory()).build();
        final CompletableFuture<Integer> length = new CompletableFuture<>();
        final Channel server = bind(channel -> {
            channel.pipeline().addLast(ofServer.newHandler(channel.alloc()));
            addHttpServer(channel);
        });
        post(connect(server, channel -> {
            channel.pipeline().addLast(ofClient.newHandler(channel.alloc(), "localhost", ((InetSocketAddress)server.localAddress()).getPort()));
            addHttpClient(channel, length);
        }));
        assertEquals(LONG, length.get());
    }

    /** Answers a request's headers with a body. */
    private static final class Http2Answer extends SimpleChannelInboundHandler<Http2HeadersFrame> {
        @Override
        protected void channelRead0(final ChannelHandlerContext context, final Http2HeadersFrame headers) {
            context.write(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200")));
            context.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.copiedBuffer("path " + headers.headers().path(), CharsetUtil.UTF_8), true));
        }
    }

    /** Completes with the body of an answer. */
    private static final class Http2Body extends SimpleChannelInboundHandler<Http2StreamFrame> {
        private final CompletableFuture<String> body;

        Http2Body(final CompletableFuture<String> body) {
            this.body = body;
        }

        @Override
        protected void channelRead0(final ChannelHandlerContext context, final Http2StreamFrame frame) {
            if (frame instanceof Http2DataFrame data) {
                final ByteBuf content = data.content();
                body.complete(content.toString(CharsetUtil.UTF_8));
            }
        }
    }

    @Test
    void http2() throws Exception {
        final Channel server = bind(channel -> channel.pipeline().addLast(Http2FrameCodecBuilder.forServer().build(),
            new Http2MultiplexHandler(initializer((Channel stream) -> stream.pipeline().addLast(new Http2Answer())))));
        final Channel client = connect(server, channel -> channel.pipeline().addLast(Http2FrameCodecBuilder.forClient().build(),
            new Http2MultiplexHandler(initializer((Channel stream) -> { }))));
        for (int i = 0; i < 20; i++) {
            final CompletableFuture<String> body = new CompletableFuture<>();
            final Http2StreamChannel stream = new Http2StreamChannelBootstrap(client).handler(new Http2Body(body)).open().get();
            stream.writeAndFlush(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().method("GET").path("/" + i).scheme("http"), true));
            assertEquals("path /" + i, body.get());
        }
    }

    /** Bytes as they are. */
    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(final byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(final InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (final IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void grpc() throws Exception {
        final MethodDescriptor<byte[], byte[]> method = MethodDescriptor.newBuilder(new Bytes(), new Bytes()).setFullMethodName("echo/reverse")
            .setType(MethodDescriptor.MethodType.UNARY).build();
        final Server server = NettyServerBuilder.forAddress(NettyLoopback.local(0)).bossEventLoopGroup(servers).workerEventLoopGroup(servers)
            .channelType(VmrpcServerSocketChannel.class).addService(ServerServiceDefinition.builder("echo").addMethod(method,
                ServerCalls.<byte[], byte[]>asyncUnaryCall((request, observer) -> {
                    observer.onNext(Arrays.copyOf(request, request.length + 1));
                    observer.onCompleted();
                })).build()).build().start();
        final ManagedChannel channel = NettyChannelBuilder.forAddress(NettyLoopback.local(server.getPort())).eventLoopGroup(clients)
            .channelType(VmrpcSocketChannel.class).usePlaintext().build();
        try {
            for (int i = 0; i < 50; i++) {
                assertEquals(i * 1000 + 1, ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, new byte[i * 1000]).length);
            }
        } finally {
            channel.shutdownNow().awaitTermination(20, TimeUnit.SECONDS);
            server.shutdownNow().awaitTermination(20, TimeUnit.SECONDS);
        }
    }
}
