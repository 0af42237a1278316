package io.vmrpc.guest.loopback;

import io.vmrpc.host.service.Publisher;
import io.vmrpc.host.service.Request;
import io.vmrpc.host.service.Service;
import io.vmrpc.host.service.Withheld;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;

/** What the loopback tests call. Numbers in payloads are longs. */
final class TestService implements Service {
    static final String NAME = "test";
    /** Answers at once with the payload. */
    static final int ECHO = 0;
    /** Answers with the payload after as many nanoseconds as its first number says. */
    static final int DELAY = 1;
    /** Sends as many events as the number says, all at once, each with its index; then completes. */
    static final int PUBLISH = 2;
    /** Never answers. Counted. */
    static final int NEVER = 3;
    /** Answers how many requests were counted. */
    static final int COUNT = 4;
    /** Holds the shard's thread up for as many nanoseconds as the number says, which a real service must not do. Counted. */
    static final int BLOCK = 5;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        final Thread thread = new Thread(task, "test-service");
        thread.setDaemon(true);
        return thread;
    });
    private long counted;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void onRequest(final Request request) {
        switch (request.method()) {
            case ECHO -> request.reply(request.payload(), request.offset(), request.length());
            case DELAY -> delay(request);
            case PUBLISH -> publish(request);
            case NEVER -> {
                counted++;
                request.withhold();
            }
            case COUNT -> request.replyLong(counted);
            case BLOCK -> {
                counted++;
                LockSupport.parkNanos(request.payload().getLong(request.offset()));
                request.reply();
            }
            default -> throw new IllegalArgumentException("method=" + request.method() + " is none of the test service's");
        }
    }

    private void delay(final Request request) {
        final byte[] bytes = new byte[request.length()];
        request.payload().getBytes(request.offset(), bytes);
        final UnsafeBuffer copy = new UnsafeBuffer(bytes);
        final Withheld handle = request.withhold();
        final Runnable answer = () -> {
            if (handle.isOutstanding()) {
                handle.complete(copy, 0, copy.capacity());
            }
        };
        clock.schedule(() -> handle.onShard(answer), copy.getLong(0), TimeUnit.NANOSECONDS);
    }

    private static void publish(final Request request) {
        final long count = request.payload().getLong(request.offset());
        final UnsafeBuffer index = new UnsafeBuffer(new byte[Long.BYTES]);
        final Publisher publisher = request.subscribe();
        for (long i = 0; i < count; i++) {
            index.putLong(0, i);
            publisher.event(index, 0, Long.BYTES);
        }
        publisher.complete();
    }
}
