package io.vmrpc.host.socket;

import io.vmrpc.error.Status;
import io.vmrpc.host.service.OrdinaryThreads;
import io.vmrpc.host.service.Request;
import io.vmrpc.host.service.Withheld;
import io.vmrpc.natives.Errno;
import io.vmrpc.socket.SocketAddressDescriptor;
import io.vmrpc.socket.SocketAddresses;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.agrona.ExpandableArrayBuffer;

/** LOOKUP of one session: names are resolved as any program of this host resolves them, which may block; so a few threads of their own do it. */
final class Lookups {
    private static final int THREADS = 2;
    private static final int MAX_WAITING = 256;
    private static final int MAX_NAME = 253;
    private static final int MAX_ADDRESSES = 64;
    private static final int EAI_NONAME = 2;
    private final ThreadPoolExecutor pool = new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS,
        new ArrayBlockingQueue<>(MAX_WAITING), new OrdinaryThreads("vmrpc-lookup"));

    Lookups() {
        pool.allowCoreThreadTimeOut(true);
    }

    /** Nobody waits for the answers any more. */
    void end() {
        pool.shutdownNow();
    }

    void lookup(final Request request, final boolean isPermitted) throws SocketFailure {
        if (!isPermitted) {
            throw new SocketFailure(Errno.EACCES, "the policy of this host allows this guest no outbound address, so no names either");
        }
        if (request.length() < 1 || request.length() > MAX_NAME) {
            throw SocketFailure.malformed("a name has 1 to " + MAX_NAME + " bytes");
        }
        final String name = request.payload().getStringWithoutLengthUtf8(request.offset(), request.length());
        final Withheld answer = request.withhold();
        try {
            pool.execute(() -> resolve(name, answer));
        } catch (final RejectedExecutionException e) {
            answer.fail(Status.RESOURCE_EXHAUSTED, Errno.EAGAIN, "too many names are being looked up for this guest: try again");
        }
    }

    private static void resolve(final String name, final Withheld answer) {
        try {
            final InetAddress[] found = InetAddress.getAllByName(name);
            answer.onShard(() -> complete(answer, found));
        } catch (final UnknownHostException | SecurityException e) {
            answer.onShard(() -> {
                if (answer.isOutstanding()) {
                    answer.fail(Status.NOT_FOUND, EAI_NONAME, "the host knows no address of " + name);
                }
            });
        }
    }

    private static void complete(final Withheld answer, final InetAddress[] found) {
        if (answer.isOutstanding()) {
            final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
            int length = 0;
            for (int i = 0; i < Math.min(found.length, MAX_ADDRESSES); i++) {
                length += SocketAddresses.put(buffer, length, new InetSocketAddress(found[i], 0));
            }
            answer.complete(buffer, 0, Math.min(length, answer.payloadCapacity()) / SocketAddressDescriptor.LENGTH * SocketAddressDescriptor.LENGTH);
        }
    }
}
