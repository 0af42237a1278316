package io.vmrpc.bench.density;

import java.util.concurrent.locks.LockSupport;

/**
 * Makes a JVM collect garbage all the time: a thread that allocates small objects at a steady rate and keeps some, so that young
 * collections have something to copy and the old generation fills, too.
 */
final class Garbage {
    /** Of each object. */
    private static final int BYTES = 128;
    /** Objects that live at a time: 9 MB. */
    private static final int KEPT = 60_000;
    /** In a millisecond: 40 MB a second. */
    private static final int OBJECTS = 300;

    private Garbage() {
    }

    /** Until the JVM ends. */
    static void begin() {
        final Thread thread = new Thread(Garbage::allocate, "garbage");
        thread.setDaemon(true);
        thread.start();
    }

    private static void allocate() {
        final byte[][] kept = new byte[KEPT][];
        for (int at = 0; ; LockSupport.parkNanos(1_000_000)) {
            for (int i = 0; i < OBJECTS; i++) {
                final byte[] object = new byte[BYTES];
                if (i % 4 == 0) { // these outlive some young collections
                    at = (at + 1) % KEPT;
                    kept[at] = object;
                }
            }
        }
    }
}
