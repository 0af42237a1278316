package io.vmrpc.host.link;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.vmrpc.region.RegionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The listening socket of a region, and the one shim that is linked (rule R39). Shard's thread only. */
public final class Link implements AutoCloseable {
    /** sun_path holds 108 bytes with its end (unix(7)). */
    private static final int MAX_PATH = 107;
    private static final int MAX_WAITING = 8;
    private final Path socket;
    private final Welcome welcome;
    private final Runnable onDown;
    private Channel listener;
    private ChannelFuture bound;
    private Channel linked;
    private int waiting;

    private Link(final Path socket, final Welcome welcome, final Runnable onDown) {
        this.socket = socket;
        this.welcome = welcome;
        this.onDown = onDown;
    }

    /**
     * Binds {@code <region>.sock}. A socket file of that name is a dead agent's, because the caller has the region's lock: it is replaced.
     *
     * @param loop of the shard, whose thread is the caller.
     * @param region file whose lock the caller holds.
     * @param welcome for the shim.
     * @param onDown called when the linked shim hangs up.
     * @return the link; {@link #bound} says when it listens.
     * @throws IOException if the path cannot be a socket.
     */
    public static Link listen(final EventLoopGroup loop, final Path region, final Welcome welcome, final Runnable onDown)
        throws IOException {
        final Path socket = socketOf(region);
        if (socket.toString().getBytes(StandardCharsets.UTF_8).length > MAX_PATH) {
            throw new RegionException("socket " + socket + " has a path of more than " + MAX_PATH +
                " bytes, the limit of unix(7): put the region in a folder with a shorter name");
        }
        removeStale(socket);
        final Link link = new Link(socket, welcome, onDown);
        final ChannelFuture bound = new ServerBootstrap().group(loop).channel(EpollServerDomainSocketChannel.class)
            .childHandler(new ChannelInitializer<Channel>() {
                @Override
                protected void initChannel(final Channel channel) {
                    channel.pipeline().addLast(new LinkHandler(link));
                }
            }).bind(new DomainSocketAddress(socket.toFile()));
        link.listener = bound.channel();
        bound.addListener(done -> {
            if (done.isSuccess()) { // until here the uid check of LinkHandler keeps others out
                Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
            }
        });
        link.bound = bound;
        return link;
    }

    /**
     * The socket of a region.
     *
     * @param region file.
     * @return its path with {@code .sock} appended.
     */
    public static Path socketOf(final Path region) {
        return region.resolveSibling(region.getFileName() + ".sock");
    }

    private static void removeStale(final Path socket) throws IOException {
        if (Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
            final boolean isSocket = ((Integer)Files.getAttribute(socket, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 0xf000) == 0xc000;
            if (!isSocket) {
                throw new RegionException(socket + " is in the way and no socket: remove it");
            }
            Files.delete(socket);
        }
    }

    /**
     * Whether it listens.
     *
     * @return done when it does or cannot.
     */
    public ChannelFuture bound() {
        return bound;
    }

    /**
     * Whether a shim is linked.
     *
     * @return false: nobody can ring the doorbell.
     */
    public boolean isUp() {
        return linked != null;
    }

    Welcome welcome() {
        return welcome;
    }

    boolean admit() {
        if (waiting >= MAX_WAITING) {
            return false;
        }
        waiting++;
        return true;
    }

    void greeted() {
        waiting--;
    }

    void up(final Channel channel) {
        linked = channel;
    }

    void down(final Channel channel) {
        if (channel == linked) {
            linked = null;
            onDown.run();
        }
    }

    @Override
    public void close() {
        if (linked != null) {
            linked.close();
        }
        listener.close();
        try {
            Files.deleteIfExists(socket);
        } catch (final IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
