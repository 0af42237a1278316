package io.vmrpc.guest.loopback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.error.ConnectException;
import io.vmrpc.guest.Channel;
import io.vmrpc.guest.RealTimeScheduler;
import io.vmrpc.guest.RealTimeVcpu;
import io.vmrpc.guest.SchedulerContext;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the contract says and {@link RealTimeSchedulerProperties} cannot: time, interruption, the thread, its vCPU. */
@Timeout(value = 50, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // shorter than the 60 s that bound a park
class RealTimeSchedulerTest {
    private static final long PATIENCE_S = 10;
    @TempDir
    Path folder;
    private Loopback loopback;
    private RealTimeScheduler scheduler;

    @BeforeEach
    void open() throws IOException {
        loopback = new Loopback(folder, RunningAgent.Place.HERE);
        scheduler = Schedulers.launch(loopback.guest);
    }

    @AfterEach
    void close() throws InterruptedException {
        scheduler.shutdownNow();
        assertTrue(scheduler.awaitTermination(PATIENCE_S, TimeUnit.SECONDS));
        loopback.close();
    }

    private static <T> T get(final Future<T> future) throws Exception {
        return future.get(PATIENCE_S, TimeUnit.SECONDS);
    }

    @Test
    void aFixedRateIsAnAbsoluteScheduleThatCatchesUp() throws Exception {
        final long periodNs = 2_000_000;
        final CompletableFuture<ScheduledFuture<?>> itself = new CompletableFuture<>();
        final List<Long> deadlines = Collections.synchronizedList(new ArrayList<>());
        final CountDownLatch enough = new CountDownLatch(50);
        final long beforeNs = System.nanoTime();
        final ScheduledFuture<?> future = scheduler.scheduleAtFixedRate(() -> {
            final long delayNs = itself.join().getDelay(TimeUnit.NANOSECONDS);
            assertTrue(delayNs <= 0, "early");
            deadlines.add(System.nanoTime() + delayNs); // or a bit earlier
            enough.countDown();
            if (deadlines.size() % 10 == 0) {
                scheduler.vcpu().sleep(5 * periodNs); // a slow run, and a park in a task
            }
        }, periodNs, periodNs, TimeUnit.NANOSECONDS);
        final long afterNs = System.nanoTime();
        itself.complete(future);
        assertTrue(enough.await(PATIENCE_S, TimeUnit.SECONDS), "runs=" + deadlines.size() + " done=" + future.isDone());
        future.cancel(false);
        long nearest = Long.MAX_VALUE;
        for (int i = 0; i < deadlines.size(); i++) {
            final long sinceNs = deadlines.get(i) - (i + 1) * periodNs - beforeNs;
            assertTrue(sinceNs >= 0, "run " + i + " was due too early");
            nearest = i < deadlines.size() - 10 ? Long.MAX_VALUE : Math.min(nearest, sinceNs); // of ten looks at the clock one is undisturbed
        }
        assertTrue(nearest <= afterNs - beforeNs + 4 * periodNs, "the schedule has drifted by ns " + nearest); // or by 4 periods for each slow run
        assertTrue(scheduler.vcpu().parks() > 0);
    }

    @Test
    void aFixedDelayBeginsAtTheEndOfARun() throws Exception {
        final long delayNs = 1_000_000;
        final List<Long> times = Collections.synchronizedList(new ArrayList<>());
        final CountDownLatch enough = new CountDownLatch(10);
        scheduler.scheduleWithFixedDelay(() -> {
            times.add(System.nanoTime());
            scheduler.vcpu().sleep(2 * delayNs);
            times.add(System.nanoTime());
            enough.countDown();
        }, 0, delayNs, TimeUnit.NANOSECONDS);
        assertTrue(enough.await(PATIENCE_S, TimeUnit.SECONDS));
        for (int i = 2; i < 20; i += 2) {
            assertTrue(times.get(i) - times.get(i - 1) >= delayNs);
        }
    }

    @Test
    void anInterruptionIsForTheTaskThatItWasMeantFor() throws Exception {
        final CountDownLatch begun = new CountDownLatch(1);
        final Future<?> future = scheduler.submit(() -> {
            begun.countDown();
            while (!Thread.currentThread().isInterrupted()) {
                Thread.onSpinWait();
            } // and leaves it set
        });
        begun.await();
        assertTrue(future.cancel(true));
        assertFalse(get(scheduler.submit(() -> Thread.currentThread().isInterrupted())));
    }

    @Test
    void shutdownCancelsPeriodicTasksAndKeepsDelayedOnes() throws Exception {
        final ScheduledFuture<?> periodic = scheduler.scheduleAtFixedRate(() -> { }, 0, 1, TimeUnit.HOURS);
        final ScheduledFuture<Integer> soon = scheduler.schedule(() -> 7, 50, TimeUnit.MILLISECONDS);
        final ScheduledFuture<?> late = scheduler.schedule(() -> { }, 1, TimeUnit.HOURS);
        get(scheduler.submit(() -> { }));
        scheduler.shutdown();
        assertTrue(periodic.isCancelled(), "at once");
        assertEquals(7, get(soon));
        assertFalse(scheduler.isTerminated());
        assertFalse(scheduler.awaitTermination(50, TimeUnit.MILLISECONDS), "one is left");
        late.cancel(false);
        assertTrue(scheduler.awaitTermination(PATIENCE_S, TimeUnit.SECONDS), "none is left");
    }

    @Test
    void shutdownNowWaitsForNoTask() throws Exception {
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch release = new CountDownLatch(1);
        final Future<Boolean> deaf = scheduler.submit(() -> {
            begun.countDown();
            while (release.getCount() > 0) {
                Thread.onSpinWait();
            }
            return Thread.interrupted();
        });
        begun.await();
        final Future<?> second = scheduler.schedule(() -> { }, 2, TimeUnit.HOURS);
        final Future<?> first = scheduler.schedule(() -> { }, 1, TimeUnit.HOURS);
        assertEquals(List.of(first, second), scheduler.shutdownNow());
        assertTrue(scheduler.isShutdown());
        assertFalse(scheduler.isTerminated());
        release.countDown();
        assertTrue(get(deaf), "it was interrupted");
        assertTrue(scheduler.awaitTermination(PATIENCE_S, TimeUnit.SECONDS));
        assertFalse(first.isDone() || second.isDone());
        assertEquals(List.of(), scheduler.shutdownNow());
    }

    @Test
    void closeWaitsAndGivesUpWhenInterrupted() throws Exception {
        scheduler.schedule(() -> { }, 1, TimeUnit.HOURS);
        Thread.currentThread().interrupt();
        scheduler.close();
        assertTrue(Thread.interrupted());
        assertTrue(scheduler.isTerminated());
        scheduler.close();
        try (RealTimeScheduler next = Schedulers.launch(loopback.guest)) { // the slot is free again
            scheduler = next;
            next.schedule(() -> { }, 20, TimeUnit.MILLISECONDS);
            final ExecutionException e = assertThrows(ExecutionException.class, () -> get(next.submit(next::close)));
            assertInstanceOf(IllegalStateException.class, e.getCause());
        }
        assertTrue(scheduler.isTerminated());
    }

    @Test
    void tasksMaySubmitCancelAndShutDown() throws Exception {
        final ScheduledFuture<?> hourly = scheduler.scheduleAtFixedRate(() -> { }, 1, 1, TimeUnit.HOURS);
        final Future<Integer> inner = get(scheduler.submit(() -> {
            hourly.cancel(false);
            final Future<Integer> later = scheduler.schedule(() -> 9, 1, TimeUnit.MILLISECONDS);
            scheduler.shutdown();
            assertThrows(RejectedExecutionException.class, () -> scheduler.execute(() -> { }));
            return later;
        }));
        assertEquals(9, get(inner));
        assertTrue(scheduler.awaitTermination(PATIENCE_S, TimeUnit.SECONDS));
    }

    @Test
    void invokeAllAndAny() throws Exception {
        final Callable<Integer> one = () -> 1;
        final Callable<Integer> wrong = () -> {
            throw new IOException("wrong");
        };
        final List<Future<Integer>> all = scheduler.invokeAll(List.of(one, wrong, () -> 3));
        assertEquals(1, all.get(0).get());
        assertInstanceOf(IOException.class, assertThrows(ExecutionException.class, () -> all.get(1).get()).getCause());
        assertEquals(3, all.get(2).get());
        assertEquals(1, scheduler.invokeAny(List.of(wrong, one)));
        assertEquals("r", get(scheduler.submit(() -> { }, "r")));
    }

    @Test
    void aCallersMistakeIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> scheduler.scheduleAtFixedRate(() -> { }, 0, 0, TimeUnit.DAYS));
        assertThrows(IllegalArgumentException.class, () -> scheduler.scheduleWithFixedDelay(() -> { }, 0, -1, TimeUnit.DAYS));
        assertThrows(NullPointerException.class, () -> scheduler.execute(null));
        assertThrows(NullPointerException.class, () -> scheduler.schedule((Callable<?>)null, 0, TimeUnit.DAYS));
        assertThrows(NullPointerException.class, () -> scheduler.schedule(() -> { }, 0, null));
        assertThrows(NullPointerException.class, () -> scheduler.scheduleAtFixedRate(() -> { }, 0, 1, null));
    }

    @Test
    void tasksHaveChannelsAndOutliveTheAgent() throws Exception {
        final Channel channel = get(scheduler.submit(() -> loopback.guest.openChannel(scheduler.vcpu())));
        final UnsafeBuffer reply = new UnsafeBuffer(new byte[8]);
        assertEquals(8, get(scheduler.submit(() -> channel.call(loopback.operation(TestService.DELAY), Loopback.number(3_000_000), 0, 8, reply))));
        assertEquals(3_000_000, reply.getLong(0));
        loopback.stopAgent();
        assertEquals(5, get(scheduler.schedule(() -> 5, 5, TimeUnit.MILLISECONDS)));
    }

    @Test
    void cancelledTasksAreLetGo() throws Exception {
        final List<WeakReference<Future<?>>> cancelled = new ArrayList<>();
        for (int round = 0; round < 2; round++) {
            final List<Future<?>> futures = new ArrayList<>();
            for (int i = 0; i < 3000; i++) { // all due long after the present park ends
                futures.add(scheduler.schedule(() -> { }, 1 + i % 5, TimeUnit.HOURS));
            }
            if (round == 0) {
                get(scheduler.submit(() -> { })); // the heap has them now; in the other round few of them
            }
            futures.forEach(each -> {
                each.cancel(true);
                cancelled.add(new WeakReference<>(each));
            });
        }
        get(scheduler.submit(() -> { }));
        get(scheduler.submit(() -> { })); // the turn before it has looked at all
        while (cancelled.stream().anyMatch(each -> each.get() != null)) {
            System.gc();
            Thread.sleep(10);
        }
    }

    @Test
    void whatCannotBeBoundIsNotLaunched() throws Exception {
        final List<RealTimeScheduler> others = new ArrayList<>();
        try {
            for (int i = 1; i < RunningAgent.GEOMETRY.slotCount(); i++) {
                others.add(Schedulers.launch(loopback.guest));
            }
            final ConnectException e = assertThrows(ConnectException.class, () -> Schedulers.launch(loopback.guest));
            assertTrue(e.getMessage().contains("slots are in use"), e.getMessage());
            final SchedulerContext threadless = new SchedulerContext().threadFactory(task -> null);
            assertThrows(IllegalArgumentException.class, () -> RealTimeScheduler.launch(loopback.guest, threadless));
        } finally {
            CloseHelper.closeAll(others);
        }
    }

    @Test
    void oneThreadRunsAllAndOwnsTheVcpu() throws Exception {
        final Thread thread = get(scheduler.submit(Thread::currentThread));
        assertEquals("scheduler", thread.getName());
        assertSame(thread, get(scheduler.schedule(Thread::currentThread, 1, TimeUnit.MILLISECONDS)));
        final RealTimeVcpu vcpu = scheduler.vcpu();
        assertTrue(vcpu.slot() >= 0);
        assertNull(get(scheduler.submit(() -> vcpu.sleep(1000))));
    }
}
