package io.vmrpc.bench.peer;

import io.grpc.CallOptions;
import io.grpc.KnownLength;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.vmrpc.bench.report.PeerVariants;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * gRPC-Java over Netty with epoll: blocking unary calls of bytes, no protobuf. It gets what makes it quick: one event loop a side, the service on the loop itself
 * (directExecutor), and flow control windows that hold the longest message.
 */
final class GrpcCalls implements Way {
    private static final int WINDOW = 4 * LONGEST;
    private static final String SERVICE = "peers";
    private static final MethodDescriptor<byte[], byte[]> METHOD = MethodDescriptor.newBuilder(new Bytes(), new Bytes())
        .setFullMethodName(SERVICE + "/echo").setType(MethodDescriptor.MethodType.UNARY).build();
    private final boolean isUnix;

    GrpcCalls(final boolean isUnix) {
        this.isUnix = isUnix;
    }

    /** Bytes as they are; their number is known, so that nothing is collected or copied to find it. */
    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        private static final class Known extends ByteArrayInputStream implements KnownLength {
            Known(final byte[] bytes) {
                super(bytes);
            }
        }

        @Override
        public InputStream stream(final byte[] value) {
            return new Known(value);
        }

        @Override
        public byte[] parse(final InputStream stream) {
            try {
                return stream.readNBytes(stream.available()); // gRPC's streams of messages are KnownLength
            } catch (final IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public String variant() {
        return isUnix ? PeerVariants.GRPC_UDS : PeerVariants.GRPC_TCP;
    }

    private static MultiThreadIoEventLoopGroup loop() {
        return new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    }

    @Override
    public Server serve(final Path folder, final int bytes) throws IOException {
        final MultiThreadIoEventLoopGroup loop = loop();
        final SocketAddress address = isUnix ? new DomainSocketAddress(folder.resolve("grpc.sock").toFile())
            : new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        final io.grpc.Server server = NettyServerBuilder.forAddress(address).bossEventLoopGroup(loop).workerEventLoopGroup(loop)
            .channelType(isUnix ? EpollServerDomainSocketChannel.class : EpollServerSocketChannel.class).directExecutor()
            .initialFlowControlWindow(WINDOW).addService(ServerServiceDefinition.builder(SERVICE).addMethod(METHOD,
                ServerCalls.<byte[], byte[]>asyncUnaryCall((request, observer) -> {
                    observer.onNext(request);
                    observer.onCompleted();
                })).build()).build().start();
        return new Server() {
            @Override
            public String address() {
                return isUnix ? ((DomainSocketAddress)address).path() : Integer.toString(server.getPort());
            }

            @Override
            public void close() {
                server.shutdownNow();
                loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
            }
        };
    }

    @Override
    public Caller connect(final String address) {
        final MultiThreadIoEventLoopGroup loop = loop();
        final SocketAddress server = isUnix ? new DomainSocketAddress(address)
            : new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(address));
        final ManagedChannel channel = NettyChannelBuilder.forAddress(server).eventLoopGroup(loop)
            .channelType(isUnix ? EpollDomainSocketChannel.class : EpollSocketChannel.class).overrideAuthority("localhost").usePlaintext()
            .initialFlowControlWindow(WINDOW).build();
        final byte[] request = Way.request();
        return new Caller() {
            private byte[] sent = request;
            private byte[] answer = {};

            @Override
            public int call(final int length) {
                if (sent.length != length) {
                    sent = Arrays.copyOf(request, length);
                }
                answer = ClientCalls.blockingUnaryCall(channel, METHOD, CallOptions.DEFAULT, sent);
                return answer.length;
            }

            @Override
            public byte answer(final int index) {
                return answer[index];
            }

            @Override
            public void close() {
                channel.shutdownNow();
                loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
            }
        };
    }
}
