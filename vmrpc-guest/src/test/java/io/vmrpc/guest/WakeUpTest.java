package io.vmrpc.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is kicked when, and how often; that none is missed is {@link LossyKickTest}'s. */
@Timeout(20)
class WakeUpTest {
    private int kicks;
    private int endedBy = 1;
    private final WakeUp wakeUp = new WakeUp(this::kick);

    /** The park ends with this many kicks. */
    private void kick() {
        if (++kicks == endedBy) {
            wakeUp.withdraw();
        }
    }

    @Test
    void nobodyIsKickedWhoIsAwake() {
        wakeUp.wake();
        wakeUp.wake(0);
        wakeUp.announce(10);
        wakeUp.withdraw();
        wakeUp.wake();
        assertEquals(0, kicks);
    }

    @Test
    void parkThatEndsInTimeIsLeftAlone() {
        wakeUp.announce(10);
        wakeUp.wake(10);
        wakeUp.wake(11);
        assertEquals(0, kicks);
        wakeUp.wake(9);
        assertEquals(1, kicks);
    }

    @Test
    void parkWithoutDeadlineIsEndedForAnything() {
        for (final long deadlineNs : new long[]{Long.MIN_VALUE, -1, 0, Long.MAX_VALUE - 1}) {
            kicks = 0;
            wakeUp.announce(Long.MAX_VALUE);
            wakeUp.wake(deadlineNs);
            assertEquals(1, kicks);
        }
    }

    @Test
    void deadlinesMayWrapAround() {
        wakeUp.announce(Long.MIN_VALUE + 5);
        wakeUp.wake(Long.MIN_VALUE + 6);
        assertEquals(0, kicks);
        wakeUp.wake(Long.MAX_VALUE - 5);
        assertEquals(1, kicks);
    }

    @Test
    void kickIsRepeatedUntilTheOwnerSaysThatItIsAwake() {
        endedBy = 20;
        wakeUp.announce(10);
        wakeUp.wake();
        assertEquals(20, kicks);
    }

    @Test
    void interruptedSubmitterRepeatsToo() {
        endedBy = 5;
        wakeUp.announce(10);
        Thread.currentThread().interrupt();
        wakeUp.wake();
        assertEquals(5, kicks);
        assertEquals(true, Thread.interrupted(), "it keeps its interruption");
    }
}
