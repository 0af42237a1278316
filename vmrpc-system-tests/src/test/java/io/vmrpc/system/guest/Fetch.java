package io.vmrpc.system.guest;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.AddressResolverGroup;
import io.vmrpc.netty.VmrpcSocketChannel;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Gets a page by HTTP/1.1 over TLS, from a server that is known by its name. */
final class Fetch extends SimpleChannelInboundHandler<FullHttpResponse> {
    private static final int SECONDS = 60;
    private static final int MAX_ANSWER = 1 << 20;
    private final CompletableFuture<String> page = new CompletableFuture<>();

    static String run(EventLoopGroup loops, AddressResolverGroup<InetSocketAddress> names, File trusted, InetSocketAddress server) throws Exception {
        Fetch fetch = new Fetch();
        SslContext tls = SslContextBuilder.forClient().trustManager(trusted).endpointIdentificationAlgorithm("HTTPS").build();
        Channel channel = new Bootstrap().group(loops).channel(VmrpcSocketChannel.class).resolver(names).handler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel opened) {
                SslHandler handshake = tls.newHandler(opened.alloc(), server.getHostString(), server.getPort());
                handshake.setHandshakeTimeout(SECONDS, TimeUnit.SECONDS); // the first one loads a thousand classes
                opened.pipeline().addLast(handshake, new HttpClientCodec(), new HttpObjectAggregator(MAX_ANSWER), fetch);
            }
        }).connect(server).sync().channel();
        try {
            FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
            request.headers().set(HttpHeaderNames.HOST, server.getHostString());
            channel.writeAndFlush(request);
            return fetch.page.get(SECONDS, TimeUnit.SECONDS);
        } finally {
            channel.close().sync();
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpResponse response) {
        byte[] content = ByteBufUtil.getBytes(response.content());
        page.complete("status=" + response.status().code() + " bytes=" + content.length + " hash=" + Arrays.hashCode(content));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        page.completeExceptionally(new IOException("the server closed the connection"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        page.completeExceptionally(cause);
    }
}
