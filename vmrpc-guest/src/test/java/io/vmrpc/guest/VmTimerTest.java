package io.vmrpc.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.park.Parker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class VmTimerTest {
    private static final long PERIOD_NS = 200_000;
    private final Log waiting = new Log();
    private final VmTimer timer = new VmTimer(waiting);

    /** Returns at once, as a park may, and remembers what it was asked for. */
    private static final class Log implements Waiting {
        private long deadlineNs;
        private long waits;

        @Override
        public boolean await(final Parker.Pending pending, final long untilNs, final boolean ring) {
            assertTrue(pending.isEmpty(), "a timer waits for nothing but its deadline");
            deadlineNs = untilNs;
            waits++;
            Thread.onSpinWait();
            return false;
        }
    }

    @Test
    void oneShotExpiresOnceAndNotEarly() {
        final long deadlineNs = System.nanoTime() + PERIOD_NS;
        assertEquals(1, timer.once(deadlineNs).await());
        assertTrue(System.nanoTime() - deadlineNs >= 0);
        assertEquals(deadlineNs, timer.scheduledNs());
        assertEquals(deadlineNs, waiting.deadlineNs);
        assertTrue(waiting.waits > 1, "spurious returns are waited out");
        assertThrows(IllegalStateException.class, timer::await);
    }

    @Test
    void deadlineThatHasPassedExpiresWithoutWaiting() {
        assertEquals(1, timer.once(System.nanoTime() - 1).await());
        assertEquals(0, waiting.waits);
        assertEquals(0, timer.overruns());
    }

    @Test
    void periodicKeepsItsAbsoluteSchedule() {
        final long firstNs = System.nanoTime() + PERIOD_NS;
        timer.periodic(firstNs, PERIOD_NS);
        long expirations = 0;
        while (expirations < 20) {
            expirations += timer.await();
            assertTrue(System.nanoTime() - timer.scheduledNs() >= 0, "never early");
            assertEquals(firstNs + (expirations - 1) * PERIOD_NS, timer.scheduledNs());
            assertEquals(timer.scheduledNs() + PERIOD_NS, timer.nextNs());
        }
    }

    @Test
    void missedExpirationsAreReportedOnce() {
        final long hourNs = 3_600_000_000_000L;
        final long nowNs = System.nanoTime();
        timer.periodic(nowNs - 5 * hourNs - 1, hourNs); // due 5 h ago, 4 h ago, ... just now
        assertEquals(6, timer.await());
        assertEquals(5, timer.overruns());
        assertEquals(nowNs - 1, timer.scheduledNs());
        assertEquals(nowNs - 1 + hourNs, timer.nextNs());
    }

    @Test
    void notArmedIsTheCallersMistake() {
        assertThrows(IllegalStateException.class, timer::await);
        timer.periodic(System.nanoTime(), 1).cancel();
        assertThrows(IllegalStateException.class, timer::await);
        assertThrows(IllegalArgumentException.class, () -> timer.periodic(0, 0));
    }
}
