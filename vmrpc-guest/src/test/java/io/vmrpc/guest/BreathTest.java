package io.vmrpc.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BreathTest {
    private static final long INTERVAL_NS = 1_000_000_000;
    private static final long LENGTH_NS = 100_000;
    private final Breath breath = new Breath(INTERVAL_NS, LENGTH_NS, 5);

    @Test
    void isTakenWhenDueAndThenAgainAfterTheInterval() {
        breath.takeIfDue(INTERVAL_NS + 4, Long.MAX_VALUE);
        assertEquals(0, breath.taken());
        final long before = System.nanoTime();
        breath.takeIfDue(INTERVAL_NS + 5, Long.MAX_VALUE);
        assertTrue(System.nanoTime() - before >= LENGTH_NS, "it sleeps");
        assertEquals(1, breath.taken());
        assertEquals(INTERVAL_NS + 5 + INTERVAL_NS, breath.dueNs());
        breath.takeIfDue(INTERVAL_NS + 6, Long.MAX_VALUE);
        assertEquals(1, breath.taken());
    }

    @Test
    void isSkippedBeforeDeadlineAndDueRightAfterIt() {
        final long now = INTERVAL_NS + 5;
        final long deadlineNs = now + 4 * LENGTH_NS - 1;
        breath.takeIfDue(now, deadlineNs);
        assertEquals(0, breath.taken());
        assertEquals(1, breath.skipped());
        assertEquals(deadlineNs, breath.dueNs());
        breath.takeIfDue(deadlineNs, deadlineNs + 4 * LENGTH_NS);
        assertEquals(1, breath.taken());
        assertEquals(1, breath.skipped());
    }

    @Test
    void ofNoLengthIsNeverTaken() {
        final Breath none = new Breath(INTERVAL_NS, 0, 5);
        assertEquals(Long.MAX_VALUE, none.dueNs());
        none.takeIfDue(Long.MAX_VALUE - 1, Long.MAX_VALUE);
        assertEquals(0, none.taken());
    }
}
