package io.vmrpc.system;

import io.vmrpc.host.service.Publisher;
import io.vmrpc.host.service.Request;
import io.vmrpc.host.service.Service;
import io.vmrpc.host.service.Withheld;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/** Services that answer when a time has come, for guests that tell them when. Times are microseconds. */
final class TimedServices implements AutoCloseable {
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "timed-services");
        thread.setDaemon(true);
        return thread;
    });

    List<Service> services() {
        return List.of(new Later(), new Burst());
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    private static int word(Request request, int index) {
        return request.payload().getInt(request.offset() + index * Integer.BYTES, ByteOrder.LITTLE_ENDIAN);
    }

    private void after(int micros, Withheld request, Runnable work) {
        clock.schedule(() -> request.onShard(() -> {
            if (request.isOutstanding()) {
                work.run();
            }
        }), micros, TimeUnit.MICROSECONDS);
    }

    /** {@code u32 delay}: answers after it, with nothing. */
    private final class Later implements Service {
        @Override
        public String name() {
            return "later";
        }

        @Override
        public void onRequest(Request request) {
            int delay = word(request, 0);
            Withheld kept = request.withhold();
            after(delay, kept, kept::complete);
        }
    }

    /** {@code u32 count, u32 gap}: so many events, each its number from 0, then the completion. Without a gap all at once. */
    private final class Burst implements Service {
        private final UnsafeBuffer number = new UnsafeBuffer(new byte[Integer.BYTES]);

        @Override
        public String name() {
            return "burst";
        }

        @Override
        public void onRequest(Request request) {
            int count = word(request, 0);
            int gap = word(request, 1);
            send(request.subscribe(), 0, count, gap);
        }

        private void send(Publisher publisher, int first, int count, int gap) {
            int next = first;
            while (next < count && (gap == 0 || next == first)) {
                number.putInt(0, next++, ByteOrder.LITTLE_ENDIAN);
                publisher.event(number, 0, Integer.BYTES);
            }
            if (next == count) {
                publisher.complete();
            } else {
                int rest = next;
                after(gap, publisher, () -> send(publisher, rest, count, gap));
            }
        }
    }
}
