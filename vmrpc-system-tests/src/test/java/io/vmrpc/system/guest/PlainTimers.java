package io.vmrpc.system.guest;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A program that knows nothing of VMRPC: the JDK's own timers. Argument: how often each. */
public final class PlainTimers {
    private static final long PERIOD_NS = TimeUnit.MILLISECONDS.toNanos(2);

    private PlainTimers() {}

    /** The program. */
    public static void main(String[] arguments) throws InterruptedException {
        int count = Integer.parseInt(arguments[0]);
        long early = 0;
        for (int i = 0; i < count; i++) {
            long start = System.nanoTime();
            Thread.sleep(2);
            early += System.nanoTime() - start < PERIOD_NS ? 1 : 0;
        }
        int parked = 0;
        for (int i = 0; i < count; i++) {
            long start = System.nanoTime();
            while (System.nanoTime() - start < PERIOD_NS) { // it may return for no reason
                LockSupport.parkNanos(PERIOD_NS - (System.nanoTime() - start));
            }
            parked++;
        }
        System.out.println("timers early=" + early + " parked=" + parked + " runs=" + atFixedRate(count));
    }

    private static long atFixedRate(int count) throws InterruptedException {
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
        CountDownLatch runs = new CountDownLatch(count);
        long start = System.nanoTime();
        executor.scheduleAtFixedRate(runs::countDown, PERIOD_NS, PERIOD_NS, TimeUnit.NANOSECONDS);
        runs.await();
        executor.shutdownNow();
        return System.nanoTime() - start < count * PERIOD_NS ? -1 : count; // -1: the schedule ran ahead of time
    }
}
