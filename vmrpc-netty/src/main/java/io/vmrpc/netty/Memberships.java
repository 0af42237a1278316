package io.vmrpc.netty;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.vmrpc.guest.socket.VmDatagramChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;

/** Multicast groups of a channel. For any thread: the loop joins and leaves. */
final class Memberships {
    private final VmrpcDatagramChannel channel;

    Memberships(final VmrpcDatagramChannel channel) {
        this.channel = channel;
    }

    /** Joins a group by an interface or the kernel's choice, for one source or all. */
    ChannelFuture join(final InetAddress group, final NetworkInterface by, final InetAddress source, final ChannelPromise promise) {
        return change(promise, socket -> {
            if (source == null) {
                socket.join(group, name(by));
            } else {
                socket.join(group, name(by), source);
            }
        });
    }

    /** Leaves a group as it was joined. */
    ChannelFuture leave(final InetAddress group, final NetworkInterface by, final InetAddress source, final ChannelPromise promise) {
        return change(promise, socket -> {
            if (source == null) {
                socket.leave(group, name(by));
            } else {
                socket.leave(group, name(by), source);
            }
        });
    }

    private static String name(final NetworkInterface by) {
        return by == null ? "" : by.getName();
    }

    /** What is done to the socket. */
    private interface Change {
        void apply(VmDatagramChannel socket) throws IOException;
    }

    private ChannelFuture change(final ChannelPromise promise, final Change change) {
        if (!channel.eventLoop().inEventLoop()) {
            channel.eventLoop().execute(() -> change(promise, change));
            return promise;
        }
        try {
            change.apply(channel.openSocket());
            promise.setSuccess();
        } catch (final IOException | RuntimeException e) {
            promise.setFailure(e);
        }
        return promise;
    }
}
