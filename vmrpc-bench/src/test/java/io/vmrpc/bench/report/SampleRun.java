package io.vmrpc.bench.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.HdrHistogram.Histogram;

/** Rows of an invented run with the shape of a real one. */
final class SampleRun {
    private final Random random = new Random(7);
    private final int samples;
    private final List<Row> rows = new ArrayList<>();

    private SampleRun(final int samples) {
        this.samples = samples;
    }

    static List<Row> of(final int samples) {
        final SampleRun run = new SampleRun(samples);
        for (final String load : List.of("none", "both")) {
            final boolean loaded = load.equals("both");
            for (final String period : List.of("2ms", "10ms")) {
                for (final String kind : List.of("periodic", "oneshot")) {
                    run.timers(load, period, kind, loaded ? 1 : 0.2);
                }
            }
            run.add("timer", "host-cyclictest", "none", load, Map.of(), loaded ? 14_000 : 6_000, 0.6);
            run.calls(load, loaded ? 1 : 0.6);
        }
        run.add("rpc", "limit-spin", "none", "none", Map.of(), 235, 0.2);
        run.add("rpc", "limit-futex", "none", "none", Map.of(), 9_100, 0.3);
        run.add("rpc", "vmrpc-spinning", "none", "none", Map.of(), 512, 0.25);
        run.add("rpc", "vmrpc-parked", "none", "none", Map.of(), 12_400, 0.3);
        return run.rows;
    }

    private void timers(final String load, final String period, final String kind, final double scale) {
        final Map<String, String> params = new HashMap<>(Map.of("period", period, "host.share", "87.4"));
        add("timer", "longpoll-" + kind, "tcg", load, params, 42_000 * scale, 0.35);
        params.put("host", "untouched");
        add("timer", "guest-" + kind, "tcg", load, params, 2_900_000 * scale, 1.3);
        params.put("host", "vcpu-fifo");
        add("timer", "guest-" + kind, "tcg", load, params, 640_000 * scale, 2.1);
        params.put("host", "all-fifo");
        params.put("host.share", "3.2");
        add("timer", "guest-" + kind, "tcg", load, params, 410_000 * scale, 0.5);
    }

    private void calls(final String load, final double scale) {
        add("rpc", "vmrpc-parked", "tcg", load, Map.of(), 61_000 * scale, 0.4);
        add("rpc", "vmrpc-spinning", "tcg", load, Map.of(), 8_000 * scale, 0.5);
        for (final String host : List.of("untouched", "vcpu-fifo", "all-fifo")) {
            add("rpc", "virtio-net-tcp", "tcg", load, Map.of("host", host), (host.equals("all-fifo") ? 1_500_000 : 2_200_000) * scale, 0.7);
        }
    }

    /** Log-normal with that median. */
    private void add(final String bench, final String variant, final String vm, final String load, final Map<String, String> params,
                     final double median, final double spread) {
        final Histogram histogram = new Histogram(3);
        for (int i = 0; i < samples; i++) {
            histogram.recordValue((long) (median * Math.exp(spread * random.nextGaussian())));
        }
        // cyclictest hands over its figures only.
        rows.add(variant.equals("host-cyclictest") ? Row.of(bench, variant, vm, load, params, Figures.of(histogram))
            : Row.of(bench, variant, vm, load, params, histogram));
    }
}
