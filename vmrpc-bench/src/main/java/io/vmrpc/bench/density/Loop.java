package io.vmrpc.bench.density;

import java.io.IOException;

/** A control loop's way to wait and to exchange packets. Belongs to the thread that made it. */
interface Loop extends AutoCloseable {
    /** Waits until a time of {@link System#nanoTime()}; never returns early. */
    void sleepUntil(long ns);

    /**
     * Sends a number to the peer and waits for its answer; false if it has not come by that time. What answers an earlier number is
     * dropped.
     */
    boolean exchange(int number, long untilNs) throws IOException;

    @Override
    void close() throws IOException;
}
