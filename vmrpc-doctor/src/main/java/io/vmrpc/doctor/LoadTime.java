package io.vmrpc.doctor;

import java.nio.ByteBuffer;
import java.util.Locale;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What one load of a line costs, in a region and in ordinary memory, measured in turns. A guest may map the device's memory uncached, where the
 * hypervisor honours the guest's page attributes; a load then goes to the bus.
 *
 * @param regionNs nanoseconds
 * @param memoryNs nanoseconds
 */
record LoadTime(double regionNs, double memoryNs) {
    /** Cached memory differs by far less, uncached by far more. */
    private static final double LIMIT = 5;
    private static final int LINE = 64;
    private static final int BYTES = 4096;
    private static final int BATCHES = 40;
    private static final int ROUNDS = 50;
    private static volatile long sink;

    static LoadTime measure(AtomicBuffer region) {
        UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(BYTES));
        double regionNs = Double.MAX_VALUE;
        double memoryNs = Double.MAX_VALUE;
        for (int i = 0; i < BATCHES; i++) { // the least of each: whatever interrupts a batch only makes it longer
            memoryNs = Math.min(memoryNs, batch(memory));
            regionNs = Math.min(regionNs, batch(region));
        }
        return new LoadTime(regionNs, memoryNs);
    }

    private static double batch(AtomicBuffer buffer) {
        long sum = 0;
        long start = System.nanoTime();
        for (int round = 0; round < ROUNDS; round++) {
            for (int offset = 0; offset < BYTES; offset += LINE) {
                sum += buffer.getLongVolatile(offset); // volatile, so that each load is made
            }
        }
        long end = System.nanoTime();
        sink = sum;
        return (double)(end - start) / (ROUNDS * (BYTES / LINE));
    }

    boolean looksUncached() {
        return regionNs > LIMIT * memoryNs;
    }

    String text() {
        return String.format(Locale.ROOT, "%.1f ns a line, ordinary memory %.1f ns", regionNs, memoryNs);
    }
}
