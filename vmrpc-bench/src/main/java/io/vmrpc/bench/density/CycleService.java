package io.vmrpc.bench.density;

import io.netty.channel.IoEventLoop;
import io.vmrpc.error.Status;
import io.vmrpc.host.service.Request;
import io.vmrpc.host.service.Service;
import io.vmrpc.host.service.SessionInfo;
import io.vmrpc.host.service.Withheld;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.agrona.collections.LongArrayList;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Lets freestanding guests run their loops, all by one schedule, and takes what they measured, as native/guest/job_cycles.c has it.
 *
 * <pre>
 *   NEXT       withheld until there is a schedule; answered by u32 count, u32 period in ns, i64 time of the first cycle
 *   SAMPLES    two u32 for each cycle, ns: lateness, and time of the answer or 0; without a payload: those were all
 * </pre>
 */
final class CycleService implements Service {
    private static final int NEXT = 0;
    private static final int SAMPLES = 1;
    private static final int ORDER_LENGTH = 16;
    /** Guests in need of CPU are slow to deliver. */
    private static final long PATIENCE_SECONDS = 60;

    private final BlockingQueue<Withheld> asking = new LinkedBlockingQueue<>();
    private final BlockingQueue<LongArrayList> measured = new LinkedBlockingQueue<>();

    @Override
    public String name() {
        return "cycles";
    }

    @Override
    public void onRequest(final Request request) {
        throw new IllegalStateException("each session has a service of its own");
    }

    @Override
    public Service forSession(final SessionInfo session, final IoEventLoop loop) {
        return new Guest();
    }

    /** Any guests run it, as many as the schedule names. Throws IOException if they do not ask for it, or are not heard of again. */
    CycleSamples run(final Schedule schedule) throws IOException, InterruptedException {
        final List<Withheld> guests = new ArrayList<>();
        while (guests.size() < schedule.loops()) {
            guests.add(await(asking, PATIENCE_SECONDS, "guests have asked for a schedule", guests.size(), schedule));
        }
        for (int i = 0; i < guests.size(); i++) {
            order(guests.get(i), schedule, schedule.firstNs(i));
        }
        final CycleSamples samples = new CycleSamples(schedule);
        for (int i = 0; i < guests.size(); i++) {
            final LongArrayList cycles = await(measured, PATIENCE_SECONDS + schedule.lengthNs() / 1_000_000_000,
                "guests have sent their samples", i, schedule);
            for (int at = 0; at + 1 < cycles.size(); at += 2) {
                samples.cycle(cycles.getLong(at), cycles.getLong(at + 1));
            }
        }
        return samples;
    }

    private static <T> T await(final BlockingQueue<T> queue, final long seconds, final String what, final int have, final Schedule schedule)
        throws IOException, InterruptedException {
        final T next = queue.poll(seconds, TimeUnit.SECONDS);
        if (next == null) {
            throw new IOException(have + " of " + schedule.loops() + " " + what + " within " + seconds + " s");
        }
        return next;
    }

    private static void order(final Withheld guest, final Schedule schedule, final long firstNs) {
        final UnsafeBuffer order = new UnsafeBuffer(new byte[ORDER_LENGTH]);
        order.putInt(0, schedule.count(), ByteOrder.LITTLE_ENDIAN);
        order.putInt(Integer.BYTES, schedule.periodNs(), ByteOrder.LITTLE_ENDIAN);
        order.putLong(Long.BYTES, firstNs, ByteOrder.LITTLE_ENDIAN);
        guest.onShard(() -> {
            if (guest.isOutstanding()) {
                guest.complete(order, 0, ORDER_LENGTH);
            }
        });
    }

    /** What one guest sends; its shard's thread only. */
    private final class Guest implements Service {
        private LongArrayList cycles = new LongArrayList();

        @Override
        public String name() {
            return CycleService.this.name();
        }

        @Override
        public void onRequest(final Request request) {
            switch (request.method()) {
                case NEXT -> asking.add(request.withhold());
                case SAMPLES -> take(request);
                default -> request.fail(Status.UNIMPLEMENTED, 0, "this service has the methods 0 and 1");
            }
        }

        private void take(final Request request) {
            for (int at = 0; at + Integer.BYTES <= request.length(); at += Integer.BYTES) {
                cycles.addLong(Integer.toUnsignedLong(request.payload().getInt(request.offset() + at, ByteOrder.LITTLE_ENDIAN)));
            }
            if (request.length() == 0) {
                measured.add(cycles);
                cycles = new LongArrayList();
            }
            request.reply();
        }
    }
}
