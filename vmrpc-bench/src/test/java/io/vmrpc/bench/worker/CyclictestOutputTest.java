package io.vmrpc.bench.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmrpc.bench.report.Figures;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CyclictestOutputTest {
    private static final String ONE = """
        # /dev/cpu_dma_latency set to 0us
        # Histogram
        000000 000003
        000001 000000
        000014 000007\s
        # Total: 000000010
        # Min Latencies: 00000
        # Avg Latencies: 00009
        # Max Latencies: 00014
        # Histogram Overflows: 00000
        # Histogram Overflow at cycle number:
        # Thread 0:
        """;
    private static final String FOUR = """
        # Histogram
        000000 000000\t000000\t000000\t000000
        000013 000000\t000002\t000000\t000014
        000019 000014\t000027\t000015\t000052
        # Total: 000000014 000000029 000000015 000000066
        # Max Latencies: 00170 00019 00066 00019
        # Histogram Overflows: 00002 00000 00001 00000
        # Thread 0: 00000 00001
        """;

    @Test
    void aSampleLiesInTheMiddleOfItsMicrosecond() {
        final Figures figures = Figures.of(CyclictestOutput.histogram(ONE));
        assertEquals(10, figures.count());
        assertEquals((3 * 500 + 7 * 14_500) / 10.0, figures.mean(), 10, "no sample counts as 0");
        assertEquals(14_500, figures.p50(), 10);
        assertEquals(14_500, figures.max(), 10);
    }

    @Test
    void threadsAreTakenTogetherAndLateOnesAtTheirOwnMaximum() {
        final Histogram all = CyclictestOutput.histogram(FOUR);
        assertEquals(2 + 14 + 14 + 27 + 15 + 52 + 3, all.getTotalCount());
        assertEquals(16, all.getCountBetweenValues(13_000, 13_999));
        assertEquals(2, all.getCountBetweenValues(170_000, 171_000), "the two of thread 0");
        assertEquals(1, all.getCountBetweenValues(66_000, 67_000), "the one of thread 2");
    }

    @Test
    void samplesAreCountedWithoutTheFirstOfEachThread() {
        final Histogram late = CyclictestOutput.samples("""
            # /dev/cpu_dma_latency set to 0us
            Max CPUs = 2
                   0:       0:    9000
                   1:       0:    8000
                   0:       1:       0
                   0:       2:      14
                   1:       1:  123456
            """, 1);
        assertEquals(3, late.getTotalCount());
        assertEquals(1, late.getCountBetweenValues(500, 500));
        assertEquals(1, late.getCountBetweenValues(14_000, 14_999));
        assertEquals(123_456_500, late.getMaxValue(), 100_000);
    }

    @Test
    void anEmptyOutputHasNoSamples() {
        assertEquals(0, CyclictestOutput.histogram("").getTotalCount());
    }
}
