package io.vmrpc.bench.run;

import io.vmrpc.error.Status;
import io.vmrpc.host.service.Request;
import io.vmrpc.host.service.Service;
import io.vmrpc.host.service.Withheld;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.agrona.collections.LongArrayList;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Gives orders to the freestanding guest, takes its samples, and wakes it when it asks to be woken.
 *
 * <pre>
 *   NEXT       withheld until there is an order; answered by the order
 *   SAMPLES    nanoseconds, 32 bits each; without a payload: those were all
 *   WAKE       answered a little later, by the host's time in 64 bits at which the shard completes it
 * </pre>
 */
final class OrderService implements Service {
    private static final int NEXT = 0;
    private static final int SAMPLES = 1;
    private static final int WAKE = 2;
    /** Long enough for the guest to be parked, also where every instruction takes microseconds. */
    private static final long PAUSE_US = 2_000;

    private final BlockingQueue<Withheld> asking = new LinkedBlockingQueue<>();
    private final BlockingQueue<LongArrayList> measured = new LinkedBlockingQueue<>();
    private final ScheduledExecutorService later;
    private LongArrayList samples = new LongArrayList();

    OrderService(final ScheduledExecutorService later) {
        this.later = later;
    }

    @Override
    public String name() {
        return "bench";
    }

    @Override
    public void onRequest(final Request request) {
        switch (request.method()) {
            case NEXT -> asking.add(request.withhold());
            case SAMPLES -> take(request);
            case WAKE -> wake(request.withhold());
            default -> request.fail(Status.UNIMPLEMENTED, 0, "this service has the methods 0 to 2");
        }
    }

    private void take(final Request request) {
        for (int at = 0; at + Integer.BYTES <= request.length(); at += Integer.BYTES) {
            samples.addLong(Integer.toUnsignedLong(request.payload().getInt(request.offset() + at, ByteOrder.LITTLE_ENDIAN)));
        }
        if (request.length() == 0) {
            measured.add(samples);
            samples = new LongArrayList();
        }
        request.reply();
    }

    private void wake(final Withheld request) {
        later.schedule(() -> request.onShard(() -> {
            if (request.isOutstanding()) {
                final UnsafeBuffer time = new UnsafeBuffer(new byte[Long.BYTES]);
                time.putLong(0, System.nanoTime(), ByteOrder.LITTLE_ENDIAN); // CLOCK_MONOTONIC, as the shim's
                request.complete(time, 0, Long.BYTES);
            }
        }), PAUSE_US, TimeUnit.MICROSECONDS);
    }

    /** Waits until the guest asks, then answers. False: it does not ask in time. */
    boolean give(final Order order, final long timeoutSeconds) throws InterruptedException {
        final Withheld request = asking.poll(timeoutSeconds, TimeUnit.SECONDS);
        if (request != null) {
            final UnsafeBuffer words = order.encode();
            request.onShard(() -> request.complete(words, 0, words.capacity()));
        }
        return request != null;
    }

    /** The samples of the order that was given last, ns; empty if they do not come in time. */
    Optional<LongArrayList> await(final long timeoutSeconds) throws InterruptedException {
        return Optional.ofNullable(measured.poll(timeoutSeconds, TimeUnit.SECONDS));
    }
}
