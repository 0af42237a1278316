package io.vmrpc.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The loop on the test's own thread, with parks that are the test's. */
@Timeout(20)
class TaskLoopTest {
    private static final long HOUR_NS = TimeUnit.HOURS.toNanos(1);
    private final List<Long> parks = new ArrayList<>();
    private Runnable parking = () -> { };
    private final TaskLoop loop = new TaskLoop((pending, deadlineNs, ring) -> {
        assertTrue(pending.isEmpty() && !ring);
        parks.add(deadlineNs);
        parking.run();
        return false;
    }, () -> {
        throw new Kicked(); // by the test in the park itself, which cannot answer
    });
    private int number;

    private static final class Kicked extends RuntimeException {
    }

    private void shutdownInPark() {
        assertThrows(Kicked.class, loop::shutdown);
    }

    private ScheduledTask<?> submit(final Runnable body, final long deadlineNs, final long periodNs) {
        final ScheduledTask<?> task = new ScheduledTask<>(loop, Executors.callable(body), number++, deadlineNs, periodNs);
        assertTrue(loop.submit(task));
        return task;
    }

    @Test
    void parksUntilTheEarliestDeadlineAndWithoutOneForEver() {
        final long laterNs = System.nanoTime() + HOUR_NS;
        final ScheduledTask<?> later = submit(() -> { }, laterNs, 0);
        submit(() -> { }, laterNs + 1, 0).cancel(false);
        parking = () -> {
            later.cancel(false);
            parking = this::shutdownInPark;
        };
        loop.run();
        assertEquals(List.of(laterNs, Long.MAX_VALUE), parks);
    }

    @Test
    void periodsAreKeptToTheNanosecond() {
        final long periodNs = HOUR_NS / 7;
        final long firstNs = System.nanoTime() - 3 * periodNs - 1;
        final ScheduledTask<?> task = submit(() -> { }, firstNs, periodNs);
        parking = this::shutdownInPark;
        loop.run();
        assertEquals(List.of(firstNs + 4 * periodNs), parks, "four runs were due");
        assertTrue(task.isCancelled());
    }

    @Test
    void faultOfTheLoopLeavesNobodyWaiting() {
        final ScheduledTask<?> once = submit(() -> { }, System.nanoTime() + HOUR_NS, 0);
        final ScheduledTask<?> periodic = submit(() -> { }, System.nanoTime(), HOUR_NS);
        parking = () -> {
            throw new IllegalStateException("the vCPU is gone");
        };
        assertThrows(IllegalStateException.class, loop::run);
        assertTrue(once.isCancelled() && periodic.isCancelled());
        assertFalse(loop.submit(new ScheduledTask<>(loop, Executors.callable(() -> { }), 9, 0, 0)));
        assertTrue(loop.isShutdown());
        assertEquals(List.of(), loop.shutdownNow(Thread.currentThread()));
        assertTrue(Thread.interrupted());
    }
}
