package io.vmrpc.bench.run;

import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Variants;
import io.vmrpc.vm.Accelerator;
import io.vmrpc.vm.ParkMode;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.agrona.collections.LongArrayList;

/**
 * The runs with freestanding guests (native/guest), which need no operating system and so run where KVM interprets. There is one VM for each way to park;
 * they take turns with each other and with the host's own timer.
 */
public final class FreestandingRuns {
    private static final double BOOT_SECONDS = 15;
    private static final int PAUSE_NS = 2_000_000;
    /** Where KVM interprets, the guest needs a millisecond to park again: with slices of 1 ms half of all deadlines would pass meanwhile. */
    private static final int TIMER_SLICE_US = 100_000;
    private static final int EXIT_SLICE_US = 1_000; // the shim's default
    /** A run has so many times as many calls as exits of each kind: these take 10 us to 4 ms. */
    private static final int EXIT_SHARE = 20;
    /** The table of what is measured, by its name in the rows. */
    private static final Map<String, Order.What> EXITS = new LinkedHashMap<>();

    static {
        EXITS.put("unassigned-port", Order.What.UNASSIGNED_PORT);
        EXITS.put("empty-exit", Order.What.EMPTY_EXIT);
        EXITS.put("park-and-return", Order.What.PARK_AND_RETURN);
        EXITS.put("wake-by-agent", Order.What.AGENT_WAKE);
        EXITS.put("wake-by-interrupt", Order.What.INTERRUPT_WAKE);
    }

    private final PrintStream log;
    private final Accelerator accelerator;
    private final Plan plan;
    private final Results results;

    /**
     * Prepares runs.
     *
     * @param log where steps are told.
     * @param accelerator what executes the guests' code.
     * @param plan how much.
     * @param results get the rows.
     */
    public FreestandingRuns(final PrintStream log, final Accelerator accelerator, final Plan plan, final Results results) {
        this.results = results;
        this.log = log;
        this.accelerator = accelerator;
        this.plan = plan;
    }

    private interface Steps {
        void run(Map<ParkMode, FreestandingSide> sides, Progress progress) throws IOException, InterruptedException;
    }

    private void with(final int sliceUs, final double seconds, final Steps steps) throws IOException, InterruptedException {
        final List<ParkMode> modes = accelerator == Accelerator.KVM ? List.of(ParkMode.FUTEX, ParkMode.HALTED) : List.of(ParkMode.AUTO);
        final Progress progress = new Progress(log, seconds + modes.size() * BOOT_SECONDS);
        final Map<ParkMode, FreestandingSide> sides = new LinkedHashMap<>();
        try {
            for (final ParkMode mode : modes) {
                progress.step("starting a freestanding guest (QEMU, " + accelerator + ", park mode " + mode.word() + ")", BOOT_SECONDS);
                sides.put(mode, new FreestandingSide(accelerator, mode, sliceUs));
            }
            steps.run(sides, progress);
        } finally {
            sides.values().forEach(FreestandingSide::close);
        }
    }

    /**
     * Lateness of both ways to park and of the guest's own timer interrupt, beside cyclictest. KVM only.
     *
     * @param load {@code none} or {@code host}.
     * @throws IOException if something cannot be started.
     * @throws InterruptedException if interrupted.
     */
    public void timer(final String load) throws IOException, InterruptedException {
        final double seconds = Plan.PERIODS_NS.stream().mapToDouble(period -> 4.2 * plan.timerSamples(period) * period / 1e9).sum();
        try (HostLoad hostLoad = new HostLoad()) {
            Runtime.getRuntime().addShutdownHook(new Thread(hostLoad::close));
            with(TIMER_SLICE_US, seconds, (sides, progress) -> {
                hostLoad.set(load.equals("host"));
                for (final long period : Plan.PERIODS_NS) {
                    progress.step("timers of " + Plan.text(period) + " in turns: both ways to park, the guest's own, cyclictest; load " + load,
                        4.2 * plan.timerSamples(period) * period / 1e9);
                    results.addAll(timers(sides, period, load));
                }
            });
        }
    }

    private List<Row> timers(final Map<ParkMode, FreestandingSide> sides, final long periodNs, final String load) throws IOException, InterruptedException {
        final int count = plan.timerSamples(periodNs) / Turns.COUNT;
        final Map<String, String> params = Map.of(Variants.PERIOD, Plan.text(periodNs));
        final Order parks = new Order(Order.What.PARK_TIMER, count, (int)periodNs);
        final Order interrupts = new Order(Order.What.GUEST_TIMER, count, (int)periodNs);
        final FreestandingSide futex = sides.get(ParkMode.FUTEX);
        final FreestandingSide halted = sides.get(ParkMode.HALTED);
        return Turns.take(List.of(
            () -> parked(Variants.KVM_FUTEX, Variants.KVM_FUTEX_SHIM, futex.measure(parks), load, params),
            () -> parked(Variants.KVM_HALTED, Variants.KVM_HALTED_SHIM, halted.measure(parks), load, params),
            () -> List.of(row(Variants.TIMER, Variants.KVM_GUEST_TIMER, load, params, halted.measure(interrupts), 0, 1)),
            () -> List.of(Instruments.cyclictest(periodNs, count, load, params))));
    }

    /** Two rows of one measurement: the guest's view, and the shim's. */
    private List<Row> parked(final String atGuest, final String atShim, final LongArrayList pairs, final String load, final Map<String, String> params) {
        return List.of(row(Variants.TIMER, atGuest, load, params, pairs, 0, 2), row(Variants.TIMER, atShim, load, params, pairs, 1, 2));
    }

    /**
     * What leaving the guest and coming back costs, for each way to park.
     *
     * @throws IOException if something cannot be started.
     * @throws InterruptedException if interrupted.
     */
    public void exits() throws IOException, InterruptedException {
        final int count = plan.calls() / EXIT_SHARE / Turns.COUNT;
        with(EXIT_SLICE_US, 60, (sides, progress) -> {
            for (final Map.Entry<String, Order.What> exit : EXITS.entrySet()) {
                progress.step(exit.getKey() + ", each way to park in turns", 60.0 / EXITS.size());
                final List<Turns.Part> parts = new ArrayList<>();
                sides.forEach((mode, side) -> parts.add(() -> List.of(row(Variants.EXIT, exit.getKey(), "none",
                    Map.of(Variants.PARK, accelerator == Accelerator.KVM ? mode.word() : "futex"),
                    side.measure(new Order(exit.getValue(), count, PAUSE_NS)), 0, 1))));
                results.addAll(Turns.take(parts));
            }
        });
    }

    /** Every so many samples, from an offset. */
    private Row row(final String bench, final String variant, final String load, final Map<String, String> params, final LongArrayList samples,
        final int offset, final int stride) {
        final Histogram histogram = new Histogram(3);
        histogram.setAutoResize(true);
        for (int i = offset; i < samples.size(); i += stride) {
            histogram.recordValue(samples.getLong(i));
        }
        return Row.of(bench, variant, accelerator.word(), load, params, histogram);
    }
}
