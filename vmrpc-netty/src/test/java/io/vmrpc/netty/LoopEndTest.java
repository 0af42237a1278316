package io.vmrpc.netty;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.vmrpc.netty.NettyLoopback.Wait;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A loop that is told to end at once. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LoopEndTest {
    @TempDir
    Path folder;

    /** After a task Netty asks whether the loop may end, without another turn of its handler. */
    @ParameterizedTest
    @EnumSource(Wait.class)
    void closesItsChannelsAlsoFromWithinATask(final Wait wait) throws Exception {
        try (NettyLoopback loopback = new NettyLoopback(folder)) {
            final Channel server = new ServerBootstrap().group(loopback.group(1, Wait.SLEEP)).channel(VmrpcServerSocketChannel.class)
                .childHandler(new LoopTest.Echo()).bind(NettyLoopback.local(0)).sync().channel();
            final EventLoopGroup loops = loopback.group(1, wait);
            final Channel channel = new Bootstrap().group(loops).channel(VmrpcSocketChannel.class).handler(new LoopTest.Echo())
                .connect(server.localAddress()).sync().channel();
            loops.execute(() -> loops.shutdownGracefully(0, 10, TimeUnit.SECONDS));
            assertTrue(channel.closeFuture().await(20, TimeUnit.SECONDS), "left open");
            loops.terminationFuture().sync();
        }
    }
}
