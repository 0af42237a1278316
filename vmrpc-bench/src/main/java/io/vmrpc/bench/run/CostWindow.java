package io.vmrpc.bench.run;

import static io.vmrpc.natives.Native.SCHED_FIFO;
import static io.vmrpc.natives.Native.SCHED_OTHER;
import static io.vmrpc.natives.Native.vmrpc_set_scheduler;

import java.io.IOException;
import java.util.function.BooleanSupplier;

/**
 * CPU time while a control loop runs, without its start and its end: from when its warm-up is over until shortly before its last cycle. Whoever measures may be late
 * on a loaded machine; so the window is shorter than the loop, and one in which the loop ended after all does not count. For one thread.
 */
final class CostWindow {
    /** Of the recorded cycles. */
    private static final double PART = 0.5;
    /** Above all that is measured: it looks twice. */
    private static final int PRIORITY = 95;
    private final long waitMillis;
    private final long lengthMillis;
    private long cpuNs;
    private long wallNs;

    CostWindow(final double warmUpSeconds, final double seconds) {
        waitMillis = (long)(warmUpSeconds * 1e3);
        lengthMillis = (long)(seconds * 1e3 * PART);
    }

    /** CPU time so far, ns. */
    interface Clock {
        long ns() throws IOException;
    }

    /** Waits until the window is over; meanwhile this thread is real-time, because where a guest polls no ordinary thread looks in time. */
    void take(final Clock clock) throws IOException, InterruptedException {
        vmrpc_set_scheduler(0, SCHED_FIFO, PRIORITY);
        try {
            look(clock);
        } finally {
            vmrpc_set_scheduler(0, SCHED_OTHER, 0); // as it was: what it starts inherits
        }
    }

    private void look(final Clock clock) throws IOException, InterruptedException {
        Thread.sleep(waitMillis);
        final long cpuBefore = clock.ns();
        final long before = System.nanoTime();
        Thread.sleep(lengthMillis);
        cpuNs = clock.ns() - cpuBefore;
        wallNs = System.nanoTime() - before;
    }

    /** The same of a loop that might have ended. */
    void take(final Clock clock, final BooleanSupplier hasEnded) throws IOException, InterruptedException {
        take(clock);
        if (hasEnded.getAsBoolean()) {
            cpuNs = 0;
            wallNs = 0;
        }
    }

    long cpuNs() {
        return cpuNs;
    }

    /** 0 if it does not count. */
    long wallNs() {
        return wallNs;
    }
}
