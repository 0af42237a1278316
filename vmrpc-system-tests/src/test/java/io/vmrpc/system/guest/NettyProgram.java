package io.vmrpc.system.guest;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.vmrpc.guest.GuestContext;
import io.vmrpc.guest.RealTimeVcpu;
import io.vmrpc.guest.VcpuContext;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.netty.VmrpcAddressResolverGroup;
import io.vmrpc.netty.VmrpcIoHandler;
import io.vmrpc.netty.VmrpcServerSocketChannel;
import io.vmrpc.netty.VmrpcSocketChannel;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;

/**
 * Netty on one loop that parks the real-time vCPU: serves HTTP over TLS and gRPC at the host's loopback, and is a client of what the test serves
 * there. Arguments: certificate and key, PEM files.
 */
public final class NettyProgram {
    private final EventLoopGroup loops;
    private final VmrpcAddressResolverGroup names = new VmrpcAddressResolverGroup();
    private final File certificate;
    private volatile RealTimeVcpu vcpu;

    private NettyProgram(VmrpcGuest guest, File certificate) {
        this.certificate = certificate;
        loops = new MultiThreadIoEventLoopGroup(1, VmrpcIoHandler.newFactory(guest, () -> vcpu = guest.bind(new VcpuContext())));
    }

    /** The program. */
    public static void main(String[] arguments) throws Exception {
        try (VmrpcGuest guest = VmrpcGuest.connect(new GuestContext().timeout(Duration.ofSeconds(20)))) {
            NettyProgram program = new NettyProgram(guest, new File(arguments[0]));
            program.serve(new File(arguments[1]));
            GuestProgram.obey(guest, program::task);
            program.loops.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        }
    }

    private void serve(File key) throws Exception {
        InetSocketAddress local = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        Channel http = new ServerBootstrap().group(loops).channel(VmrpcServerSocketChannel.class).childHandler(new HttpEcho(certificate, key))
                .bind(local).sync().channel();
        Server grpc = NettyServerBuilder.forAddress(local).bossEventLoopGroup(loops).workerEventLoopGroup(loops)
                .channelType(VmrpcServerSocketChannel.class).addService(GrpcEcho.service()).build().start();
        int port = ((InetSocketAddress) http.localAddress()).getPort();
        fetch("localhost", port); // the first handshake takes a TCG guest longer than gRPC waits for one
        GuestProgram.say("serving http=%d grpc=%d", port, grpc.getPort());
    }

    private Task task(String name) {
        return switch (name) {
            case "grpc" -> (guest, words) -> grpc(words[1], Integer.parseInt(words[2]));
            case "fetch" -> (guest, words) -> fetch(words[1], Integer.parseInt(words[2]));
            case "resolve" -> (guest, words) -> "address=" + resolve(words[1], 0).getAddress().getHostAddress();
            case "threads" -> (guest, words) -> threads(Integer.parseInt(words[1]));
            case "parks" -> (guest, words) -> "parks=" + vcpu.parks();
            default -> throw new IllegalArgumentException("no task " + name);
        };
    }

    /** Tasks to the loop and from it: the loop parks between them, and what it starts must not wait for it to breathe. */
    private String threads(int count) throws Exception {
        ForkJoinPool pool = new ForkJoinPool(1);
        try {
            for (int i = 0; i < count; i++) {
                loops.submit(() -> pool.submit(() -> { })).sync().getNow().get();
            }
        } finally {
            pool.shutdown();
        }
        return "tasks=" + count;
    }

    private String fetch(String name, int port) throws Exception {
        return Fetch.run(loops, names, certificate, InetSocketAddress.createUnresolved(name, port));
    }

    private InetSocketAddress resolve(String name, int port) throws InterruptedException {
        return names.getResolver(loops.next()).resolve(InetSocketAddress.createUnresolved(name, port)).sync().getNow();
    }

    /** gRPC has name resolvers of its own, which ask the guest: so it gets an address, and the name for TLS. */
    private String grpc(String name, int port) throws IOException, InterruptedException {
        ManagedChannel channel = NettyChannelBuilder.forAddress(resolve(name, port)).overrideAuthority(name).eventLoopGroup(loops)
                .channelType(VmrpcSocketChannel.class).sslContext(GrpcSslContexts.forClient().trustManager(certificate).build()).build();
        try {
            return GrpcEcho.call(channel);
        } finally {
            channel.shutdownNow().awaitTermination(20, TimeUnit.SECONDS);
        }
    }
}
