package io.vmrpc.bench.run;

import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Variants;
import io.vmrpc.bench.run.GuestPrograms.Way;
import io.vmrpc.bench.worker.CyclictestOutput;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Programs that were not written for VMRPC, in one guest: as they are, in each host scheduling, and with VMRPC preloaded; idle, then guest and host loaded.
 * What is compared takes turns.
 */
public final class GuestRuns {
    private static final List<Long> PERIODS_NS = List.of(1_000_000L, 10_000_000L);
    private static final List<String> LOADS = List.of("none", Variants.LOAD_BOTH);
    private static final double BOOT_SECONDS = 12;
    private static final double WARM_UP_SECONDS = 25;
    /** Starting a program and reading its results, on a loaded and emulated CPU. */
    private static final double START_SECONDS = 1.2;
    private static final double PLAYER_START_SECONDS = 3;
    private final PrintStream log;
    private final Path home;
    private final GuestPlan plan;
    private final Results results;
    private final HostLoad hostLoad = new HostLoad();
    private Progress progress;
    private GuestSide side;
    private String load = "none";

    /**
     * Prepares a run; one object is good for one.
     *
     * @param log where steps are told.
     * @param home the repository, with the built native programs.
     * @param plan how much.
     * @param results get the rows.
     */
    public GuestRuns(final PrintStream log, final Path home, final GuestPlan plan, final Results results) {
        this.results = results;
        this.log = log;
        this.home = home;
        this.plan = plan;
    }

    private interface Measurement {
        Row run(Way way) throws IOException, InterruptedException;
    }

    /** What is compared: a program in the given ways, and with a period also the host's cyclictest. */
    private record Comparands(String name, List<Way> ways, double seconds, long besidePeriodNs, Measurement measurement) {
        int rows() {
            return Variants.HOSTS.size() + ways.size() + (besidePeriodNs > 0 ? 1 : 0);
        }
    }

    /**
     * Measures.
     *
     * @throws IOException if something cannot be started.
     * @throws InterruptedException if interrupted.
     */
    public void programs() throws IOException, InterruptedException {
        final GuestPlan part = plan.part();
        final double rowSeconds = comparands(null, part).stream().mapToDouble(each -> each.rows() * each.seconds()).sum();
        progress = new Progress(log, BOOT_SECONDS + WARM_UP_SECONDS + LOADS.size() * plan.turns() * rowSeconds);
        Runtime.getRuntime().addShutdownHook(new Thread(hostLoad::close));
        try (Agents agents = new Agents(false); hostLoad) {
            agents.blocking();
            progress.step("booting a guest (QEMU, TCG, 2 vCPUs, kernel rt)", BOOT_SECONDS);
            try (GuestSide guest = new GuestSide(home, agents.region(), log)) {
                side = guest;
                final GuestPrograms programs = new GuestPrograms(guest);
                warmUp(programs);
                side.video(part.frames());
                for (final String each : LOADS) {
                    load(each);
                    for (final Comparands compared : comparands(programs, part)) {
                        results.addAll(Turns.take(plan.turns(), parts(compared, part)));
                    }
                }
            }
        }
    }

    private static List<Comparands> comparands(final GuestPrograms programs, final GuestPlan part) {
        final List<Comparands> all = new ArrayList<>();
        for (final int threads : new int[] {1, GuestPlan.SEVERAL}) {
            for (final long period : PERIODS_NS) {
                final int loops = part.loops(threads, period);
                all.add(new Comparands("cyclictest " + Plan.text(period) + (threads > 1 ? " x" + threads : ""),
                    threads > 1 ? List.of(Way.SHARED) : List.of(Way.DIRECT, Way.SHARED), START_SECONDS + loops * period / 1e9, threads > 1 ? 0 : period,
                    way -> programs.cyclictest(way, threads, period, loops)));
            }
        }
        for (final String kind : List.of("periodic", "oneshot")) {
            all.add(new Comparands("SIGALRM " + kind, List.of(Way.SHARED), START_SECONDS + part.signals() * GuestPlan.SIGNAL_PERIOD_NS / 1e9, 0,
                way -> programs.sigalrm(way, kind, part.signals())));
        }
        all.add(new Comparands("video", List.of(Way.SHARED), PLAYER_START_SECONDS + part.frames() * TestVideo.PERIOD_NS / 1e9, 0,
            way -> programs.video(way, part.frames())));
        return all;
    }

    /** Each program once in each way, unrecorded. */
    private void warmUp(final GuestPrograms programs) throws IOException, InterruptedException {
        progress.step("warming up", WARM_UP_SECONDS);
        side.video(GuestPlan.WARM_UP.frames());
        for (final Way way : Way.values()) {
            programs.cyclictest(way, 1, PERIODS_NS.get(0), GuestPlan.WARM_UP.loops());
            if (way != Way.DIRECT) {
                programs.video(way, GuestPlan.WARM_UP.frames());
                programs.sigalrm(way, "oneshot", GuestPlan.WARM_UP.signals());
            }
        }
    }

    private void load(final String wanted) throws IOException, InterruptedException {
        load = wanted;
        if (wanted.equals(Variants.LOAD_BOTH)) {
            hostLoad.set(true);
            side.load();
        }
    }

    /** The conventional ones first, so that the daemon of the guest is started and ended once in a turn. */
    private List<Turns.Part> parts(final Comparands compared, final GuestPlan part) {
        final List<Turns.Part> parts = new ArrayList<>();
        Variants.HOSTS.forEach(host -> parts.add(() -> part(compared, Way.CONVENTIONAL, host)));
        final long period = compared.besidePeriodNs();
        if (period > 0) {
            parts.add(() -> {
                progress.step("the host's " + compared.name() + ", load " + load, compared.seconds());
                hostLoad.mark();
                return List.of(hostLoad.withShare(Row.of(Variants.GUEST, Variants.CYCLICTEST_HOST, "none", load,
                    Map.of(Variants.PERIOD, Plan.text(period), Variants.THREADS, "1"),
                    CyclictestOutput.samples(Instruments.run(GuestPrograms.cyclictest(1, period, part.loops(1, period), Scheduling.REAL_TIME_CPU)), GuestPrograms.WARM_UP))));
            });
        }
        compared.ways().forEach(way -> parts.add(() -> part(compared, way, Variants.VCPU_FIFO)));
        return parts;
    }

    private List<Row> part(final Comparands compared, final Way way, final String host) throws IOException, InterruptedException {
        progress.step(compared.name() + (way.isPreloaded() ? " with VMRPC, " + way.mode() : " without VMRPC") + ", load " + load + ", host " + host, compared.seconds());
        Scheduling.apply(host, side.threads());
        hostLoad.mark();
        final Row row = hostLoad.withShare(compared.measurement().run(way).in("tcg", load).withParam(Variants.HOST, host));
        Scheduling.apply(Variants.UNTOUCHED, side.threads());
        return List.of(row);
    }
}
