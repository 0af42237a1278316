/**
 * Netty over sockets of the host: event loops of a guest that wait for network and timers by parking their vCPU.
 *
 * <pre>{@code
 * EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, VmrpcIoHandler.newFactory(guest, () -> guest.bind(new VcpuContext())));
 * new ServerBootstrap().group(loops)
 *     .channel(VmrpcServerSocketChannel.class)
 *     .childHandler(new EchoHandler())
 *     .bind(8080).sync();
 * new Bootstrap().group(loops)
 *     .channel(VmrpcSocketChannel.class)
 *     .resolver(new VmrpcAddressResolverGroup()) // the host looks names up
 *     .handler(new ClientHandler())
 *     .connect("server.example.com", 443);
 * NettyServerBuilder.forPort(50051) // gRPC
 *     .bossEventLoopGroup(loops).workerEventLoopGroup(loops)
 *     .channelType(VmrpcServerSocketChannel.class);
 * }</pre>
 *
 * <p>What is written on Netty, from its codecs to gRPC, takes the group and the channel classes as those of any transport: {@link
 * io.vmrpc.netty.VmrpcSocketChannel}, {@link io.vmrpc.netty.VmrpcServerSocketChannel}, {@link io.vmrpc.netty.VmrpcDatagramChannel}, and for
 * Unix sockets {@link io.vmrpc.netty.VmrpcDomainSocketChannel} and {@link io.vmrpc.netty.VmrpcServerDomainSocketChannel}.
 *
 * <p><b>Threads.</b> As with any transport of Netty, with one difference: a channel cannot go to another event loop once its socket is open.
 * What a handler starts on a loop that parks a vCPU does not stay on that CPU: {@link io.vmrpc.guest.RealTimeVcpu}.
 *
 * <p><b>Errors.</b> Those of Netty's own transports. When the agent is lost, channels get an {@code exceptionCaught} that says so, and close.
 */
package io.vmrpc.netty;
