package io.vmrpc.host.policy;

import static org.junit.jupiter.api.Assertions.*;

import org.junit.jupiter.api.Test;

/** The bucket's edges, on a clock of the test's own. */
class TokenBucketTest {
    private static final long SECOND_NS = 1_000_000_000L;

    @Test
    void beginsWithATenthOfASecond() {
        final TokenBucket bucket = TokenBucket.ofPackets(1000, 0);
        for (int i = 0; i < 100; i++) {
            assertTrue(bucket.tryTake(1, 0));
        }
        assertFalse(bucket.tryTake(1, 0));
        assertEquals(1_000_000, bucket.readyAtNs(0));
        assertFalse(bucket.tryTake(1, 999_999));
        assertTrue(bucket.tryTake(1, 1_000_000));
    }

    @Test
    void oneRecordAlwaysPassesAFullBucket() {
        final TokenBucket bytes = TokenBucket.ofBytes(1, 0);
        assertTrue(bytes.tryTake(65_534, 0));
        assertTrue(bytes.tryTake(65_535, 0), "a byte is left: overdrawn once");
        assertFalse(bytes.tryTake(0, 0), "not twice");
        assertEquals(65_535 * SECOND_NS, bytes.readyAtNs(0));
        assertTrue(TokenBucket.ofPackets(1, 0).tryTake(1, 0));
    }

    @Test
    void holdsNoMoreThanItsCapacity() {
        final TokenBucket bucket = TokenBucket.ofPackets(1000, 0);
        final long later = 3600 * SECOND_NS;
        assertTrue(bucket.tryTake(100, later));
        assertFalse(bucket.tryTake(1, later));
    }

    @Test
    void carriesFractionsOver() {
        final TokenBucket bucket = TokenBucket.ofPackets(3, 0);
        assertTrue(bucket.tryTake(1, 0));
        int passed = 0;
        for (long now = 1; now <= 10 * SECOND_NS; now += 10_007_777) {
            passed += bucket.tryTake(1, now) ? 1 : 0;
        }
        assertEquals(29, passed, "3 a second for 10 s, less what waits for its look");
    }

    @Test
    void unlimitedIsAlwaysReady() {
        final TokenBucket bucket = TokenBucket.ofBytes(Limits.UNLIMITED, 5);
        for (int i = 0; i < 100; i++) {
            assertTrue(bucket.tryTake(TokenBucket.MAX_AMOUNT, 5));
        }
        assertEquals(7, bucket.readyAtNs(7));
    }

    @Test
    void theClockMayStandAnywhere() {
        final long start = Long.MAX_VALUE - 10;
        final TokenBucket bucket = TokenBucket.ofPackets(10, start);
        assertTrue(bucket.tryTake(1, start));
        assertFalse(bucket.tryTake(1, start));
        assertEquals(start + SECOND_NS / 10, bucket.readyAtNs(start), "wrapped, as System.nanoTime may");
        assertFalse(bucket.tryTake(1, start - SECOND_NS), "a clock that ran backwards gives nothing");
        assertTrue(bucket.tryTake(1, start + SECOND_NS / 10));
    }

    @Test
    void extremesDoNotOverflow() {
        final TokenBucket fast = TokenBucket.ofBytes(Limits.MAX_RATE, 0);
        for (int i = 0; fast.tryTake(TokenBucket.MAX_AMOUNT, 0); i++) {
            assertTrue(i <= Limits.MAX_RATE / 10 / TokenBucket.MAX_AMOUNT + 1);
        }
        assertTrue(fast.tryTake(1, fast.readyAtNs(0)));
        final TokenBucket slow = TokenBucket.ofBytes(1, 0);
        assertTrue(slow.tryTake(TokenBucket.MAX_AMOUNT, 0));
        assertEquals((TokenBucket.MAX_AMOUNT - 65_535 + 1) * SECOND_NS, slow.readyAtNs(0));
        assertTrue(slow.tryTake(1, Long.MAX_VALUE));
    }

    @Test
    void mistakesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> TokenBucket.ofBytes(0, 0));
        assertThrows(IllegalArgumentException.class, () -> TokenBucket.ofBytes(Limits.MAX_RATE + 1, 0));
        assertThrows(IllegalArgumentException.class, () -> TokenBucket.ofBytes(1, 0).tryTake(-1, 0));
        assertThrows(IllegalArgumentException.class, () -> TokenBucket.ofBytes(1, 0).tryTake(TokenBucket.MAX_AMOUNT + 1, 0));
    }
}
