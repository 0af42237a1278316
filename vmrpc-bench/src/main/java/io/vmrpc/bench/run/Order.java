package io.vmrpc.bench.run;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What the freestanding guest measures next, as native/guest/job_bench.c reads it: three numbers of 32 bits.
 *
 * @param what to measure.
 * @param count of samples, at most {@value #MOST_SAMPLES}.
 * @param periodNs of a timer; how long until an interrupt.
 */
record Order(What what, int count, int periodNs) {
    static final int MOST_SAMPLES = 16_384;
    static final Order QUIT = new Order(What.QUIT, 0, 0);

    /** The order of constants is the guest's. */
    enum What {
        /** The guest ends. */
        QUIT,
        /** Lateness of parks with a deadline, a period apart: by the guest's clock, and by the shim's. */
        PARK_TIMER,
        /** Lateness of the guest's own timer interrupt; the period is the time between two. */
        GUEST_TIMER,
        /** A write to a port that nobody has. */
        UNASSIGNED_PORT,
        /** A hypercall on a slot that is not armed. */
        EMPTY_EXIT,
        /** An armed park whose deadline has passed. */
        PARK_AND_RETURN,
        /** From the agent's completion until the parked guest runs. */
        AGENT_WAKE,
        /** From the expiration of the guest's own timer until the parked guest runs. */
        INTERRUPT_WAKE
    }

    Order {
        if (count < 0 || count > MOST_SAMPLES) {
            throw new IllegalArgumentException("count=" + count + ": the guest has room for " + MOST_SAMPLES + " samples; measure in parts");
        }
    }

    UnsafeBuffer encode() {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[3 * Integer.BYTES]);
        buffer.putInt(0, what.ordinal(), ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(Integer.BYTES, count, ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(2 * Integer.BYTES, periodNs, ByteOrder.LITTLE_ENDIAN);
        return buffer;
    }
}
