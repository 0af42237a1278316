package io.vmrpc.host.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.ReferenceCountUtil;
import io.vmrpc.layout.LinkDescriptor;
import io.vmrpc.layout.Protocol;
import io.vmrpc.natives.Errno;
import io.vmrpc.natives.Native;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection to the link's socket: waits for the hello, answers it, and watches for the hang-up. */
final class LinkHandler extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(LinkHandler.class);
    private static final int HELLO_TIMEOUT_S = 5;
    private final Link link;
    private final byte[] hello = new byte[LinkDescriptor.LENGTH];
    private int received;
    private boolean isAdmitted;
    private boolean isGreeted;

    LinkHandler(final Link link) {
        this.link = link;
    }

    @Override
    public void channelActive(final ChannelHandlerContext context) {
        final int uid = Native.vmrpc_peer_uid(fd(context.channel()));
        if (uid < 0 || !Users.mayLink(uid)) {
            LOG.warn("link: a process of user {} was turned away: run the VM as the agent's user", uid);
            context.close();
        } else if (!link.admit()) {
            context.close();
        } else {
            isAdmitted = true;
            context.executor().schedule(() -> {
                if (!isGreeted) {
                    context.close();
                }
            }, HELLO_TIMEOUT_S, TimeUnit.SECONDS);
        }
    }

    @Override
    public void channelRead(final ChannelHandlerContext context, final Object message) throws IOException {
        try {
            final ByteBuf bytes = (ByteBuf)message;
            final int count = Math.min(bytes.readableBytes(), hello.length - received); // what follows the hello means nothing
            bytes.readBytes(hello, received, count);
            received += count;
            if (received == hello.length && isAdmitted && !isGreeted) {
                greeted();
                answer(context.channel());
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void answer(final Channel channel) throws IOException {
        final int judged = link.welcome().judge(new UnsafeBuffer(hello));
        final int status = judged == Protocol.LINKED && link.isUp() ? Protocol.LINK_BUSY : judged;
        final byte[] welcome = link.welcome().bytes(status);
        if (status == Protocol.LINKED) {
            Errno.check(Native.vmrpc_send_fd(fd(channel), welcome, welcome.length, link.welcome().doorbell()), "sendmsg(SCM_RIGHTS)");
            link.up(channel);
        } else {
            channel.writeAndFlush(Unpooled.wrappedBuffer(welcome)).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private void greeted() {
        if (isAdmitted && !isGreeted) {
            isGreeted = true;
            link.greeted();
        }
    }

    @Override
    public void channelInactive(final ChannelHandlerContext context) {
        greeted();
        link.down(context.channel());
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause) {
        LOG.debug("link: closed after {}", cause.toString());
        context.close(); // channelInactive tells the region
    }

    private static int fd(final Channel channel) {
        return ((UnixChannel)channel).fd().intValue();
    }
}
