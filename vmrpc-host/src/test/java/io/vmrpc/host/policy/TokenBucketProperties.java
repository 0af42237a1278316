package io.vmrpc.host.policy;

import static org.junit.jupiter.api.Assertions.*;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** No window of time lets more pass than was promised, and nothing less than could. */
class TokenBucketProperties {
    private static final BigInteger SECOND_NS = BigInteger.valueOf(1_000_000_000L);

    private record Passed(long atNs, long amount) {}

    /** Of every size: most random numbers would be large ones. */
    private static long any(final Random random, final long limit) {
        return Math.min(limit, random.nextLong() >>> 1 + random.nextInt(62));
    }

    private static BigInteger earned(final long perSecond, final long ns) {
        return BigInteger.valueOf(perSecond).multiply(BigInteger.valueOf(ns)).divide(SECOND_NS);
    }

    @Property(tries = 500)
    void noWindowExceedsTheRate(@ForAll @LongRange(min = 1, max = Limits.MAX_RATE) final long perSecond, @ForAll final boolean isBytes, @ForAll final long seed) {
        final Random random = new Random(seed);
        final long record = isBytes ? 65_535 : 1;
        final long capacity = Math.max(perSecond / 10, record);
        long now = random.nextLong() >> 2;
        final TokenBucket bucket = isBytes ? TokenBucket.ofBytes(perSecond, now) : TokenBucket.ofPackets(perSecond, now);
        final List<Passed> passed = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            now = random.nextInt(3) == 0 ? bucket.readyAtNs(now) : now + any(random, 3_000_000_000L);
            final long amount = isBytes ? random.nextInt(65_536) : 1;
            if (bucket.tryTake(amount, now)) {
                passed.add(new Passed(now, amount));
            }
        }
        for (int from = 0; from < passed.size(); from++) {
            long sum = 0;
            for (int to = from; to < passed.size(); to++) {
                sum += passed.get(to).amount();
                final BigInteger bound = earned(perSecond, passed.get(to).atNs() - passed.get(from).atNs()).add(BigInteger.valueOf(capacity + record));
                assertTrue(BigInteger.valueOf(sum).compareTo(bound) <= 0, sum + " passed, " + bound + " were promised");
            }
        }
    }

    @Property(tries = 500)
    void readyIsTheFirstMoment(@ForAll final long seed) {
        final Random random = new Random(seed);
        final long perSecond = 1 + any(random, Limits.MAX_RATE - 1);
        final long amount = any(random, TokenBucket.MAX_AMOUNT);
        final long start = random.nextLong() >> 2;
        long now = start;
        final TokenBucket early = TokenBucket.ofBytes(perSecond, start);
        final TokenBucket onTime = TokenBucket.ofBytes(perSecond, start);
        for (int i = 0; i < 3; i++) {
            now += any(random, 1_000_000);
            assertEquals(early.tryTake(amount, now), onTime.tryTake(amount, now));
        }
        final long ready = onTime.readyAtNs(now);
        assertTrue(ready >= now);
        if (ready > now) {
            assertFalse(early.tryTake(1, ready - 1));
        }
        assertTrue(onTime.tryTake(1, ready));
    }

    /** Looking often loses nothing: the level is that of a single look. */
    @Property(tries = 300)
    void fractionsAreNotLost(@ForAll final long seed) {
        final Random random = new Random(seed);
        final long perSecond = 1 + any(random, 20_000_000_000L);
        final TokenBucket often = TokenBucket.ofBytes(perSecond, 0);
        final TokenBucket once = TokenBucket.ofBytes(perSecond, 0);
        final long debt = Math.max(perSecond / 10, 65_535) + any(random, TokenBucket.MAX_AMOUNT >> 4);
        assertTrue(often.tryTake(Math.min(debt, TokenBucket.MAX_AMOUNT), 0));
        assertTrue(once.tryTake(Math.min(debt, TokenBucket.MAX_AMOUNT), 0));
        long now = 0;
        for (int i = 0; i < 100; i++) {
            now += any(random, 100_000_000);
            often.readyAtNs(now);
        }
        assertEquals(once.readyAtNs(now), often.readyAtNs(now));
    }
}
