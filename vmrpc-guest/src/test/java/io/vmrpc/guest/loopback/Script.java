package io.vmrpc.guest.loopback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A program for a scheduled executor of one thread whose outcome does not depend on speed: all is submitted while the thread is busy. Each
 * number of the program is one step; what comes of it is a line for each task, the same for every executor that keeps the contract.
 */
final class Script {
    /** How it ends. */
    enum End { SHUTDOWN, SHUTDOWN_BUSY, SHUTDOWN_NOW_BUSY, SHUTDOWN_NOW }

    private static final long PATIENCE_S = 20;
    private static final long[] DELAYS_NS = {0, Long.MIN_VALUE, -1, 1_000_000, 2_000_000};
    private static final long[] LONG_DELAYS_NS = {TimeUnit.HOURS.toNanos(1), Long.MAX_VALUE, Long.MAX_VALUE - 1, Long.MAX_VALUE >> 1};
    private final ScheduledExecutorService executor;
    private final List<Entry> entries = new ArrayList<>();
    private final List<Entry> begun = Collections.synchronizedList(new ArrayList<>());

    Script(final ScheduledExecutorService executor) {
        this.executor = executor;
    }

    /** One task: ends, throws in its last run, or is not to end. */
    private final class Entry implements Runnable {
        private final int lastRun; // 0: none
        private final boolean isLong;
        private final long notBeforeNs;
        private volatile int runs;
        private ScheduledFuture<?> future;

        Entry(final int lastRun, final boolean isLong, final long delayNs) {
            this.lastRun = lastRun;
            this.isLong = isLong;
            notBeforeNs = System.nanoTime() + (isLong ? 0 : Math.max(0, delayNs));
            entries.add(this);
        }

        @Override
        public void run() {
            if (runs == 0) {
                begun.add(this);
                assertTrue(System.nanoTime() - notBeforeNs >= 0, "never early");
            }
            runs++;
            if (runs == lastRun) {
                throw new IllegalStateException("as planned");
            }
        }

        private String outcome() {
            if (!future.isDone()) {
                return "pending runs=" + runs;
            }
            try {
                return "result " + future.get() + " runs=" + runs;
            } catch (final CancellationException e) {
                return "cancelled runs=" + runs;
            } catch (final ExecutionException e) {
                return e.getCause() + " runs=" + runs;
            } catch (final InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Runs the program and ends the executor. */
    List<String> run(final List<Integer> steps, final End end) throws InterruptedException {
        final CountDownLatch release = Schedulers.block(executor);
        steps.forEach(this::step);
        final List<Entry> order = new ArrayList<>(entries);
        order.removeIf(entry -> entry.isLong || entry.future.isDone());
        order.sort((a, b) -> a.future.compareTo(b.future));
        final List<String> outcome = new ArrayList<>();
        if (end == End.SHUTDOWN_BUSY || end == End.SHUTDOWN_NOW_BUSY) {
            outcome.add("left " + finish(end));
            release.countDown();
        } else {
            release.countDown();
            settle();
            assertEquals(order, begun, "first runs come by deadline");
            outcome.add("left " + finish(end));
        }
        assertTrue(executor.awaitTermination(PATIENCE_S, TimeUnit.SECONDS), "it does not end");
        assertTrue(executor.isTerminated());
        entries.forEach(entry -> outcome.add(entry.outcome()));
        return outcome;
    }

    private void step(final int step) {
        final long delayNs = DELAYS_NS[step / 10 % DELAYS_NS.length];
        final long longNs = LONG_DELAYS_NS[step / 10 % LONG_DELAYS_NS.length];
        final int runs = 1 + step / 10 % 3;
        switch (step % 10) {
            case 0, 1 -> add(new Entry(0, false, delayNs), entry -> executor.schedule(entry, delayNs, TimeUnit.NANOSECONDS));
            case 2 -> add(new Entry(1, false, delayNs), entry -> executor.schedule(entry, delayNs, TimeUnit.NANOSECONDS));
            case 3 -> add(new Entry(0, false, delayNs), entry -> executor.schedule(() -> {
                entry.run();
                return step;
            }, delayNs, TimeUnit.NANOSECONDS));
            case 4 -> add(new Entry(runs, false, delayNs), entry -> executor.scheduleAtFixedRate(entry, delayNs, 300_000, TimeUnit.NANOSECONDS));
            case 5 -> add(new Entry(runs, false, delayNs), entry -> executor.scheduleWithFixedDelay(entry, delayNs, 300_000, TimeUnit.NANOSECONDS));
            case 6 -> add(new Entry(0, true, longNs), entry -> executor.schedule(entry, longNs, TimeUnit.NANOSECONDS));
            case 7 -> add(new Entry(0, true, longNs), entry -> executor.scheduleAtFixedRate(entry, longNs, Long.MAX_VALUE, TimeUnit.DAYS));
            default -> {
                if (!entries.isEmpty()) {
                    entries.get(step % entries.size()).future.cancel(step % 2 == 0);
                }
            }
        }
    }

    private static void add(final Entry entry, final Function<Entry, ScheduledFuture<?>> submission) {
        entry.future = submission.apply(entry);
    }

    /** Waits until what ends by itself has ended. */
    private void settle() throws InterruptedException {
        for (final Entry entry : entries) {
            final long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
            while (!entry.isLong && !entry.future.isDone()) {
                assertTrue(System.nanoTime() - until < 0, "a task is stuck: " + entry.outcome());
                Thread.sleep(0, 100_000);
            }
        }
    }

    /** Ends the executor; how many tasks it gave back. */
    private int finish(final End end) {
        if (end == End.SHUTDOWN_NOW || end == End.SHUTDOWN_NOW_BUSY) {
            final int left = executor.shutdownNow().size();
            executor.shutdown();
            checkRefusal();
            return left;
        }
        executor.shutdown();
        checkRefusal();
        entries.forEach(entry -> {
            if (entry.isLong) {
                entry.future.cancel(false); // else the executor would wait for it
            }
        });
        return 0;
    }

    private void checkRefusal() {
        assertTrue(executor.isShutdown());
        assertThrows(RejectedExecutionException.class, () -> executor.execute(() -> { }));
        assertThrows(RejectedExecutionException.class, () -> executor.scheduleAtFixedRate(() -> { }, 0, 1, TimeUnit.DAYS));
    }
}
