package io.vmrpc.system;

import io.vmrpc.rpc.EventPublisher;
import io.vmrpc.rpc.LongPoll;
import io.vmrpc.system.guest.TypedHost;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;

/** The host's side of the typed service; withheld replies are completed by another thread than the shard's. */
final class TypedHostOfTests implements TypedHost {
    @Override
    public long add(long a, long b) {
        return a + b;
    }

    @Override
    public void later(int micros, long number, LongPoll<Long> reply) {
        CompletableFuture.delayedExecutor(micros, TimeUnit.MICROSECONDS).execute(() -> reply.complete(number));
    }

    @Override
    public DirectBuffer echo(DirectBuffer bytes) {
        return bytes;
    }

    @Override
    public void count(int to, EventPublisher<Long> publisher) {
        long[] next = {0};
        Runnable more = () -> {
            while (next[0] < to && publisher.publish(next[0])) {
                next[0]++;
            }
            if (next[0] == to && publisher.isOutstanding()) {
                publisher.complete();
            }
        };
        publisher.onReady(more);
        more.run();
    }
}
