package io.vmrpc.bench.run;

import org.HdrHistogram.Histogram;
import org.agrona.collections.LongArrayList;

/**
 * When a video player showed its frames, as mpv writes it with {@code --dump-stats}: a time in us, then what began. A frame is shown at its
 * {@code start video-flip}, which is when the wait for its time has ended and the picture goes to the display; one that was too late for that is a
 * {@code drop-vo}.
 *
 * <pre>
 *   10104442 start video-flip
 *   10124500 start video-flip
 *   10144600 drop-vo
 * </pre>
 *
 * @param jitter how far each interval is from the period, ns, after the warm-up
 * @param driftUs how far the last frame was from its time counted from the first, us, likewise
 * @param dropped frames that were never shown, each a double interval in {@code jitter}, likewise
 */
record FrameTimes(Histogram jitter, long driftUs, int dropped) {
    /** What to keep of the player's file. */
    static final String LINES = "start video-flip|drop-vo";
    private static final long HALF_THE_RESOLUTION_NS = 500;

    /** Reads the player's file; an interval exact to its 1 us counts as half of that. */
    static FrameTimes parse(final String stats, final long periodUs) {
        final LongArrayList shown = new LongArrayList();
        int dropped = 0;
        for (final String line : stats.lines().filter(line -> line.matches("\\d+ (" + LINES + ")")).toList()) {
            if (!line.endsWith("drop-vo")) {
                shown.addLong(Long.parseLong(line.substring(0, line.indexOf(' '))));
            } else if (shown.size() > GuestPrograms.WARM_UP) {
                dropped++;
            }
        }
        if (shown.size() < GuestPrograms.WARM_UP + 2) {
            throw new IllegalArgumentException("the player showed " + shown.size() + " frames: too few to measure");
        }
        final Histogram jitter = new Histogram(Instruments.HIGHEST_NS, 3);
        for (int i = GuestPrograms.WARM_UP + 1; i < shown.size(); i++) {
            jitter.recordValue(Math.max(HALF_THE_RESOLUTION_NS, Math.abs(shown.getLong(i) - shown.getLong(i - 1) - periodUs) * 1_000));
        }
        final long periods = shown.size() - 1L - GuestPrograms.WARM_UP + dropped;
        return new FrameTimes(jitter, shown.getLong(shown.size() - 1) - shown.getLong(GuestPrograms.WARM_UP) - periods * periodUs, dropped);
    }
}
