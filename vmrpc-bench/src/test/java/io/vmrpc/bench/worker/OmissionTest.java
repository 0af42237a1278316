package io.vmrpc.bench.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class OmissionTest {
    private static final long PERIOD = 1_000_000;

    private static Histogram of(final long... values) {
        final Histogram histogram = new Histogram(3_600_000_000_000L, 3);
        for (final long value : values) {
            histogram.recordValue(value);
        }
        return histogram;
    }

    @Test
    void whatIsWithinThePeriodStaysAsItIs() {
        final Histogram all = Omission.corrected(of(0, 5_000, PERIOD - 2_000), PERIOD);
        assertEquals(3, all.getTotalCount());
        assertEquals(1, all.getCountAtValue(5_000));
    }

    @Test
    void eachExpirationThatWasSwallowedIsASampleOfItsOwn() {
        final Histogram all = Omission.corrected(of(3_300_000, 10_000), PERIOD);
        assertEquals(5, all.getTotalCount());
        for (final long late : new long[] {3_300_000, 2_300_000, 1_300_000, 300_000}) {
            assertEquals(1, all.getCountBetweenValues(late - 3_000, late + 3_000), "late by " + late);
        }
    }
}
