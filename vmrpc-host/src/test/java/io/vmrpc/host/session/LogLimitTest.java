package io.vmrpc.host.session;

import static org.junit.jupiter.api.Assertions.*;

import org.junit.jupiter.api.Test;

/** One line a second, and the others counted. */
class LogLimitTest {
    private long nowNs = -5;

    @Test
    void linesBeyondOneASecondAreCounted() {
        final LogLimit limit = new LogLimit(() -> nowNs);
        assertTrue(limit.permits());
        assertEquals("", limit.suppressedText());
        for (int i = 0; i < 1000; i++) {
            assertFalse(limit.permits());
        }
        nowNs += 1_000_000_000;
        assertTrue(limit.permits());
        assertEquals(" (1000 more such lines left out)", limit.suppressedText());
        assertFalse(limit.permits());
    }
}
