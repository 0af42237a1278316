package io.vmrpc.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vmrpc.bench.report.Figures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FrameTimesTest {
    private static final int FRAMES = GuestPrograms.WARM_UP + 11;
    private final StringBuilder stats = new StringBuilder("10009075 start init\n10009084 end init\n");

    private void shown(final long us) {
        stats.append(us).append(" start video-draw\n").append(us).append(" end video-draw\n").append(us).append(" start video-flip\n")
            .append(us + 6).append(" end video-flip\n").append(us).append(" value 0.020000 frame-duration\n");
    }

    @Test
    void theBeginningIsNotCounted() {
        for (int i = 0; i < FRAMES; i++) {
            shown(i < GuestPrograms.WARM_UP ? 1_000_000 + 33_333L * i : 9_000_000 + 20_000L * i);
        }
        final FrameTimes times = FrameTimes.parse(stats.toString(), 20_000);
        assertEquals(10, times.jitter().getTotalCount());
        assertEquals(500, times.jitter().getMaxValue(), "below the player's resolution it is not 0");
        assertEquals(0, times.driftUs());
        assertEquals(0, times.dropped());
    }

    @Test
    void jitterIsTheDistanceFromThePeriodAndDriftIsWhatRemains() {
        for (int i = 0; i < FRAMES; i++) {
            shown(20_000L * i + (i == FRAMES - 5 ? 100 : 0) + (i == FRAMES - 1 ? 40 : 0)); // one frame late, and the last one
        }
        final FrameTimes times = FrameTimes.parse(stats.toString(), 20_000);
        final Figures figures = Figures.of(times.jitter());
        assertEquals(100_000, figures.max(), 100);
        assertEquals(2, times.jitter().getCountBetweenValues(99_000, 101_000), "the interval before it and the one behind it");
        assertEquals(1, times.jitter().getCountBetweenValues(39_000, 41_000));
        assertEquals(40, times.driftUs());
    }

    @Test
    void aDroppedFrameIsADoubleIntervalAndNoDrift() {
        for (int i = 0; i < FRAMES; i++) {
            if (i == FRAMES - 3 || i == 7) {
                stats.append(20_000L * i).append(" drop-vo\n"); // the one at the beginning is not counted
            } else {
                shown(20_000L * i);
            }
        }
        final FrameTimes times = FrameTimes.parse(stats.toString(), 20_000);
        assertEquals(1, times.dropped());
        assertEquals(0, times.driftUs());
        assertEquals(20_000_000, times.jitter().getMaxValue(), 20_000);
    }

    @Test
    void aPlayerThatShowedNothingIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> FrameTimes.parse(stats.toString(), 20_000));
    }
}
