package io.vmrpc.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WakeAdvanceTest {
    @Test
    void settlesWhereOneDelayInTwoHundredIsLonger() {
        final WakeAdvance advance = new WakeAdvance(60_000);
        final SplittableRandom random = new SplittableRandom(1);
        long longer = 0;
        for (int i = 0; i < 300_000; i++) {
            final long delayNs = 5_000 + random.nextLong(20_000); // its 200/201 quantile is 24_900
            if (i >= 200_000 && delayNs > advance.ns()) {
                longer++;
            }
            advance.observe(delayNs);
        }
        assertEquals(1 / 201.0, longer / 100_000.0, 0.002);
    }

    @Test
    void staysWithinItsLimits() {
        final WakeAdvance advance = new WakeAdvance(15_000);
        for (int i = 0; i < 1_000; i++) {
            advance.observe(1_000_000);
            assertTrue(advance.ns() <= 15_000);
        }
        assertEquals(15_000, advance.ns());
        for (int i = 0; i < 1_000; i++) {
            advance.observe(-1_000);
        }
        assertEquals(0, advance.ns());
        assertEquals(0, new WakeAdvance(0).ns(), "a limit of zero switches it off");
    }
}
