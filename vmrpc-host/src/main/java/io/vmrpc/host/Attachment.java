package io.vmrpc.host;

import io.netty.channel.IoRegistration;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.util.concurrent.Future;
import io.vmrpc.host.link.Doorbell;
import io.vmrpc.host.link.Link;
import io.vmrpc.host.link.Welcome;
import io.vmrpc.host.session.ServedRegion;
import io.vmrpc.host.session.SessionContext;
import io.vmrpc.region.Region;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.CloseHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A region attached to a shard, with its link and doorbell. Shard's thread only. */
final class Attachment {
    private static final Logger LOG = LoggerFactory.getLogger(Attachment.class);
    private static final EpollIoOps EDGES = EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLET);
    private final Path path;
    private final boolean removesRegion;
    private Region region;
    private ServedRegion served;
    private Doorbell doorbell;
    private Link link;

    private Attachment(final Path path, final boolean removesRegion) {
        this.path = path;
        this.removesRegion = removesRegion;
    }

    static Attachment open(final ManualIoEventLoop loop, final Path path, final AgentContext agent, final SessionContext context)
        throws IOException {
        final Attachment attachment = new Attachment(path, agent.removeRegionsOnClose());
        try {
            attachment.open(loop, agent, context);
            return attachment;
        } catch (final IOException | RuntimeException e) {
            attachment.close();
            throw e;
        }
    }

    private void open(final ManualIoEventLoop loop, final AgentContext agent, final SessionContext context) throws IOException {
        region = Region.serve(path, agent.geometry());
        served = new ServedRegion(region, context);
        doorbell = new Doorbell(served::onDoorbell);
        final IoRegistration registration = await(loop, loop.register(doorbell), "epoll_ctl(doorbell of " + path + ")");
        registration.submit(EDGES);
        final Welcome welcome = new Welcome(region.id(), served.agentEpoch(), doorbell.fd().intValue());
        link = Link.listen(loop, path, welcome, served::onLinkDown);
        await(loop, link.bound(), "bind(" + Link.socketOf(path) + ")");
        LOG.info("region {}: served, {}", path, region.geometry());
    }

    /** Runs the loop until it has done what was asked: the caller is its thread. */
    private static <T> T await(final ManualIoEventLoop loop, final Future<T> future, final String call) throws IOException {
        while (!future.isDone()) {
            loop.runNow();
        }
        if (!future.isSuccess()) {
            throw new IOException(call + " failed: " + future.cause().getMessage(), future.cause());
        }
        return future.getNow();
    }

    ServedRegion served() {
        return served;
    }

    void close() {
        CloseHelper.quietClose(link);
        CloseHelper.quietClose(doorbell);
        if (served != null) {
            served.close();
        } else {
            CloseHelper.quietClose(region);
        }
        if (removesRegion && region != null) {
            remove();
        }
    }

    private void remove() {
        try {
            Files.deleteIfExists(path);
        } catch (final IOException e) {
            LOG.warn("region {}: cannot be removed ({}): remove it by hand", path, e.getMessage());
        }
    }
}
