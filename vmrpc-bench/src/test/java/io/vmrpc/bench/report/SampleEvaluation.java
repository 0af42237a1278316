package io.vmrpc.bench.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.HdrHistogram.Histogram;

/** Rows of an invented evaluation, with controls between its parts and a time series, and chapters for them. */
final class SampleEvaluation {
    static final Chapter RATES = new SampleChapter(Set.of("cpu-independence"), "CPU independence",
        "Does the work of one VM depend on how many others there are? Each runs the same published mix of statements for two seconds, "
        + "in turns.",
        "./vmrpc bench independence --only cpu", List.of("Three VMs on two cores keep 0.66 of the speed of one each, which is what "
        + "sharing leaves.", "A parked real-time VM costs its neighbours nothing."));
    static final Chapter TIMES = new SampleChapter(Set.of("density", TimelineVariants.TIMELINE), "Density",
        "How many real-time guests does this machine carry, each with a control loop of 10 ms?", "./vmrpc bench density --quick",
        List.of("40 guests keep their loops below 2 ms at p99.", "At 80 the agent's core is full: 97 % of its time."));
    private static final int SECONDS = 60;
    private final Random random = new Random(11);
    private final List<Row> rows = new ArrayList<>();

    private SampleEvaluation() {
    }

    private record SampleChapter(Set<String> benches, String title, String question, String command,
        List<String> found) implements Chapter {
        @Override
        public List<String> findings(final List<Row> rows) {
            return found;
        }

        @Override
        public Optional<Tile> tile(final List<Row> rows) {
            return benches.contains("density") ? Optional
                .of(new Tile("40", "real-time guests on two cores with a p99 below 2 ms; " + "published: 40 on four")) : Optional.empty();
        }

        @Override
        public List<Table> tables(final List<Row> rows) {
            return List.of(new Table(title + " <all>", List.of("what", "one VM", "two VMs", "three VMs", "why"), List.of(
                List.of("Dhrystone", "12,300,000/s", "0.99", "0.66", "two cores"), List
                .of("sysbench cpu", "1,020/s", "0.98", "0.65", "two cores & more")),
                "Ratios to one VM."));
        }
    }

    static List<Chapter> chapters() {
        return List.of(RATES, TIMES);
    }

    /** The work of the second control takes so many times as long as that of the others. */
    static List<Row> of(final int samples, final double secondControl) {
        final SampleEvaluation run = new SampleEvaluation();
        run.control(1, "", 1);
        run.rows.addAll(SampleRun.of(samples));
        run.control(2, "timers", secondControl);
        for (final String vms : List.of("1", "2", "3")) {
            run.add("cpu-independence", "dhrystone", "tcg", "none", Map.of("vms", vms, "unit", "iterations/s"), 12_300_000, 0.01, 5);
        }
        run.control(3, "CPU independence", 1);
        for (final String guests : List.of("1", "10", "40", "80")) {
            run.add("density", "control-loop", "kvm", "none", Map.of("guests", guests, "period", "10ms", "p50.low", "30000", "p50.high",
                "60000"), 40_000 * Math.sqrt(Integer.parseInt(guests)), 0.4, samples);
        }
        run.control(4, "density", 1);
        run.timeline();
        run.control(5, "timeline", 1);
        return run.rows;
    }

    private void timeline() {
        for (int second = 0; second < SECONDS; second++) {
            final String phase = second < 15 || second >= 50 ? "none" : second < 30 ? "guest" : "both";
            final double scale = phase.equals("none") ? 0.2 : phase.equals("guest") ? 0.5 : 1;
            final Map<String, String> params = new HashMap<>(Map.of("second", Integer.toString(second), "phase", phase, "period", "10ms"));
            add(TimelineVariants.TIMELINE, Variants.LONGPOLL_PERIODIC, "tcg", phase, params, 42_000 * scale, 0.5, 100);
            params.put("host", "all-fifo");
            add(TimelineVariants.TIMELINE, Variants.GUEST_PERIODIC, "tcg", phase, params, 1_900_000 * scale, 1.1, 100);
        }
    }

    private void control(final int number, final String after, final double factor) {
        final Map<String, String> params = Map.of(ControlVariants.NUMBER, Integer.toString(number), ControlVariants.AFTER, after);
        add(ControlVariants.CONTROL, ControlVariants.WAKE_UP, "none", "none", params, 9_000, 0.4, 2_000);
        add(ControlVariants.CONTROL, ControlVariants.WORK, "none", "none", params, 310_000 * factor, 0.02, 1_000);
        final Map<String, String> steal = new HashMap<>(params);
        steal.put("unit", ControlVariants.PPM);
        add(ControlVariants.CONTROL, ControlVariants.STEAL, "none", "none", steal, 1_500, 0.01, 1);
    }

    /** Log-normal with that median. */
    private void add(final String bench, final String variant, final String vm, final String load, final Map<String, String> params,
        final double median, final double spread,
                     final int samples) {
        final Histogram histogram = new Histogram(3);
        for (int i = 0; i < samples; i++) {
            histogram.recordValue((long)(median * Math.exp(spread * random.nextGaussian())));
        }
        rows.add(Row.of(bench, variant, vm, load, params, histogram));
    }
}
