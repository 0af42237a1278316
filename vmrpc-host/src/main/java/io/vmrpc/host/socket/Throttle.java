package io.vmrpc.host.socket;

import io.netty.channel.IoEventLoop;
import io.vmrpc.host.policy.Limits;
import io.vmrpc.host.policy.TokenBucket;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/** The rates of one guest: what its sockets move together. A socket that must wait is resumed when the rate allows it again. */
final class Throttle {
    private final IoEventLoop loop;
    private final boolean isUnlimited;
    private final TokenBucket bytes;
    private final TokenBucket packets;
    private final ArrayDeque<HostSocket> waiting = new ArrayDeque<>();
    private boolean isScheduled;

    Throttle(final Limits limits, final IoEventLoop loop) {
        this.loop = loop;
        isUnlimited = limits.bytesPerSecond() == Long.MAX_VALUE && limits.packetsPerSecond() == Long.MAX_VALUE;
        final long now = System.nanoTime();
        bytes = TokenBucket.ofBytes(limits.bytesPerSecond(), now);
        packets = TokenBucket.ofPackets(limits.packetsPerSecond(), now);
    }

    /** Whether a record may be moved now; if not, the socket will be resumed. */
    boolean permits(final HostSocket socket) {
        if (isUnlimited) {
            return true;
        }
        final long now = System.nanoTime();
        final long readyNs = Math.max(bytes.readyAtNs(now), packets.readyAtNs(now));
        if (readyNs - now <= 0) {
            return true;
        }
        if (!socket.isThrottled) {
            socket.isThrottled = true;
            waiting.add(socket);
        }
        if (!isScheduled) {
            isScheduled = true;
            loop.schedule(this::resume, readyNs - now, TimeUnit.NANOSECONDS);
        }
        return false;
    }

    /** Counts a record that was moved. */
    void moved(final long length) {
        if (!isUnlimited) {
            final long now = System.nanoTime();
            bytes.tryTake(length, now);
            packets.tryTake(1, now);
        }
    }

    private void resume() {
        isScheduled = false;
        for (int count = waiting.size(); count > 0; count--) {
            final HostSocket socket = waiting.remove();
            socket.isThrottled = false;
            socket.resume();
        }
    }
}
