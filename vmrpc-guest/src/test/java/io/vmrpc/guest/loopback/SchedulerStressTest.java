package io.vmrpc.guest.loopback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.guest.RealTimeScheduler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Submissions from several threads while the scheduler's thread parks between them: one lost wake-up shows as a task that did not run within
 * 10 s, since the next deadline is an hour away, nothing breathes in loopback, and a park's own bound is 60 s.
 */
@Timeout(120)
class SchedulerStressTest {
    private static final long RUN_NS = TimeUnit.SECONDS.toNanos(Boolean.getBoolean("vmrpc.full") ? 60 : 3);
    private static final long SEED = Long.getLong("vmrpc.seed", System.nanoTime());
    private static final int THREADS = 4;
    private static final long PATIENCE_S = 10;
    private final AtomicLong ran = new AtomicLong();
    @TempDir
    Path folder;

    @Test
    void noSubmissionIsMissed() throws Exception {
        System.out.println("SchedulerStressTest: -Dvmrpc.seed=" + SEED);
        try (Loopback loopback = new Loopback(folder, RunningAgent.Place.HERE)) {
            final RealTimeScheduler scheduler = Schedulers.launch(loopback.guest);
            final ScheduledFuture<?> hour = scheduler.schedule(() -> { }, 1, TimeUnit.HOURS);
            final SplittableRandom random = new SplittableRandom(SEED);
            final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
            final List<Future<Long>> submitters = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                final SplittableRandom own = random.split();
                submitters.add(threads.submit(() -> submit(scheduler, own)));
            }
            long submitted = 0;
            for (final Future<Long> each : submitters) {
                submitted += each.get(RUN_NS + TimeUnit.SECONDS.toNanos(2 * PATIENCE_S), TimeUnit.NANOSECONDS);
            }
            threads.shutdown();
            System.out.println("SchedulerStressTest: " + submitted + " tasks, " + scheduler.vcpu().parks() + " parks");
            assertEquals(submitted, ran.get());
            assertTrue(scheduler.vcpu().parks() > THREADS, "nothing was tried");
            assertEquals(List.of(hour), scheduler.shutdownNow());
            assertTrue(scheduler.awaitTermination(PATIENCE_S, TimeUnit.SECONDS));
        }
    }

    /** What was accepted while another thread shuts down is run; nothing is forgotten between the owner's last look and its end. */
    @Test
    void whatIsAcceptedDuringAShutdownRuns() throws Exception {
        final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (Loopback loopback = new Loopback(folder, RunningAgent.Place.HERE)) {
            final long startNs = System.nanoTime();
            while (System.nanoTime() - startNs < RUN_NS / 2) {
                final RealTimeScheduler scheduler = Schedulers.launch(loopback.guest);
                final List<Future<List<Future<?>>>> submitters = new ArrayList<>();
                for (int i = 1; i < THREADS; i++) {
                    submitters.add(threads.submit(() -> submitUntilRefused(scheduler)));
                }
                scheduler.submit(() -> { }).get(PATIENCE_S, TimeUnit.SECONDS);
                scheduler.shutdown();
                assertTrue(scheduler.awaitTermination(PATIENCE_S, TimeUnit.SECONDS));
                for (final Future<List<Future<?>>> each : submitters) {
                    for (final Future<?> accepted : each.get(PATIENCE_S, TimeUnit.SECONDS)) {
                        accepted.get(PATIENCE_S, TimeUnit.SECONDS);
                    }
                }
            }
        } finally {
            threads.shutdown();
        }
    }

    private static List<Future<?>> submitUntilRefused(final RealTimeScheduler scheduler) {
        final List<Future<?>> accepted = new ArrayList<>();
        try {
            while (true) {
                accepted.add(scheduler.submit(() -> { }));
            }
        } catch (final RejectedExecutionException e) {
            return accepted;
        }
    }

    /** Submits, waits for each, and pauses so that the scheduler's thread gets to any point of its way into the park; what was to run. */
    private long submit(final RealTimeScheduler scheduler, final SplittableRandom random) throws Exception {
        final long startNs = System.nanoTime();
        long submitted = 0;
        while (System.nanoTime() - startNs < RUN_NS) {
            final boolean isCancelled = random.nextInt(8) == 0;
            final long delayNs = isCancelled ? TimeUnit.HOURS.toNanos(2) : random.nextInt(4) * 10_000L;
            final ScheduledFuture<?> future = scheduler.schedule(ran::incrementAndGet, delayNs, TimeUnit.NANOSECONDS);
            if (isCancelled) {
                future.cancel(false);
            } else {
                submitted++;
                future.get(PATIENCE_S, TimeUnit.SECONDS);
            }
            for (int i = random.nextInt(1 << random.nextInt(14)); i > 0; i--) {
                Thread.onSpinWait();
            }
        }
        return submitted;
    }
}
