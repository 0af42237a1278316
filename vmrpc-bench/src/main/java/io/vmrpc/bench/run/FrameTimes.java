package io.vmrpc.bench.run;

import org.HdrHistogram.Histogram;
import org.agrona.collections.LongArrayList;

/**
 * When a video player showed its frames, as mpv writes it with {@code --dump-stats}: a time in us, then what began. A frame is shown at its
 * {@code start video-flip}, which is when the wait for its time has ended and the picture goes to the display.
 *
 * <pre>
 *   10104442 start video-flip
 *   10124500 start video-flip
 * </pre>
 *
 * @param jitter how far each interval is from the period, ns
 * @param driftUs how far the last frame was from its time counted from the first, us
 * @param dropped frames of the file that were never shown, each a double interval in {@code jitter}
 */
record FrameTimes(Histogram jitter, long driftUs, int dropped) {
    /** The player still loads and translates code: its first half second is not counted. */
    static final int WARM_UP = 25;
    private static final String FLIP = "start video-flip";
    private static final long HALF_THE_RESOLUTION_NS = 500;

    /** Reads the times of a file with so many frames; an interval exact to the player's 1 us counts as half of that. */
    static FrameTimes parse(final String stats, final int frames, final long periodUs) {
        final LongArrayList shown = new LongArrayList();
        stats.lines().filter(line -> line.endsWith(FLIP)).forEach(line -> shown.addLong(Long.parseLong(line.substring(0, line.indexOf(' ')))));
        if (shown.size() < WARM_UP + 2) {
            throw new IllegalArgumentException("the player showed " + shown.size() + " of " + frames + " frames: too few to measure");
        }
        final Histogram jitter = new Histogram(Instruments.HIGHEST_NS, 3);
        for (int i = WARM_UP + 1; i < shown.size(); i++) {
            jitter.recordValue(Math.max(HALF_THE_RESOLUTION_NS, Math.abs(shown.getLong(i) - shown.getLong(i - 1) - periodUs) * 1_000));
        }
        final int dropped = frames - shown.size();
        final long periods = shown.size() - 1L - WARM_UP + dropped;
        return new FrameTimes(jitter, shown.getLong(shown.size() - 1) - shown.getLong(WARM_UP) - periods * periodUs, dropped);
    }
}
