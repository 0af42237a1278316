package io.vmrpc.bench.run;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What vmrpc-probe told of some messages (native/probe/schedule.h).
 *
 * @param samples how long answers took, counted from when their messages were to be sent, ns
 * @param sent    messages
 * @param lost    of them, never answered
 * @param unseen  of them, answered while the probe was kept from sending or looking: no samples
 * @param late    of the samples, above the limit
 * @param wrong   answers that came twice, or with another content
 * @param pauseNs the longest time for which the probe was kept from looking
 */
record ProbeOutput(Histogram samples, long sent, long lost, long unseen, long late, long wrong, long pauseNs) {
    private static final List<String> NAMES = List.of("sent", "lost", "unseen", "late", "twice", "damaged", "pause_ns");
    /** What was told before anything was. */
    static final ProbeOutput NOTHING = new ProbeOutput(new Histogram(Instruments.HIGHEST_NS, 3), 0, 0, 0, 0, 0, 0);

    static ProbeOutput parse(final String output) throws IOException {
        final Histogram samples = new Histogram(Instruments.HIGHEST_NS, 3);
        final Map<String, Long> told = new HashMap<>();
        final Map<String, Long> end = new HashMap<>();
        for (final String line : output.lines().toList()) {
            final List<String> words = List.of(line.split(" "));
            told.merge(words.get(0), 1L, Long::sum);
            if (words.get(0).equals("answer") && words.size() == 3) {
                samples.recordValue(Long.parseLong(words.get(2)));
            } else if (words.get(0).equals("end")) {
                words.stream().skip(1).map(pair -> pair.split("=")).forEach(pair -> end.put(pair[0], Long.parseLong(pair[1])));
            }
        }
        final long answered = samples.getTotalCount();
        final long lost = told.getOrDefault("lost", 0L);
        final long unseen = told.getOrDefault("unseen", 0L);
        if (!end.keySet().containsAll(NAMES) || end.get("lost") != lost || end.get("unseen") != unseen || end.get("sent") != answered + lost + unseen) {
            throw new IOException("vmrpc-probe told of " + answered + " answers, and its last line does not fit them: " + end + "; it said: "
                + output.lines().filter(line -> !line.startsWith("answer ")).limit(20).toList());
        }
        return new ProbeOutput(samples, end.get("sent"), lost, unseen, end.get("late"), end.get("twice") + end.get("damaged"), end.get("pause_ns"));
    }

    /** Both together. */
    ProbeOutput plus(final ProbeOutput other) {
        final Histogram all = samples.copy();
        all.add(other.samples);
        return new ProbeOutput(all, sent + other.sent, lost + other.lost, unseen + other.unseen, late + other.late, wrong + other.wrong,
            Math.max(pauseNs, other.pauseNs));
    }
}
