package io.vmrpc.bench.run;

import io.vmrpc.bench.report.ProbeVariants;
import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Variants;
import io.vmrpc.bench.run.ProbeBed.Subject;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who answers a datagram how fast, seen from outside: a plain reflector on the host, sockets of the host for a process beside it and for a guest, and the guest's own
 * over virtio-net. All on one CPU, with the same probe on another; idle, then guest and that CPU loaded. What is compared takes turns.
 */
public final class ProbeRuns {
    private static final List<String> LOADS = List.of("none", Variants.LOAD_BOTH);
    private static final double BOOT_SECONDS = 16;
    /** Of each row: DPDK starts, an address is resolved, the server ends. */
    private static final double EXTRA_SECONDS = 0.7;
    private static final int SUBJECTS = 3 + ProbeVariants.HOSTS.size();
    private final PrintStream log;
    private final Path programs;
    private final ProbePlan plan;
    private final Results results;
    private final Progress progress;

    /**
     * Prepares a run; one object is good for one.
     *
     * @param log where steps are told.
     * @param home the repository, with the built probe.
     * @param plan how much.
     * @param results get the rows.
     */
    public ProbeRuns(final PrintStream log, final Path home, final ProbePlan plan, final Results results) {
        this.log = log;
        programs = home.resolve("native/target/native-probe").toAbsolutePath().normalize();
        this.plan = plan;
        this.results = results;
        progress = new Progress(log, seconds(plan));
    }

    /**
     * How long a run takes.
     *
     * @param plan how much.
     * @return about so many seconds, with the guest's boot.
     */
    public static double seconds(final ProbePlan plan) {
        return BOOT_SECONDS + 3 * learningSeconds(plan) + LOADS.size() * plan.turns() * SUBJECTS * partSeconds(plan);
    }

    private static double partSeconds(final ProbePlan plan) {
        return (plan.part() + ProbePlan.SKIPPED) * (ProbePlan.INTERVAL_NS / 1e9) + EXTRA_SECONDS;
    }

    private static double learningSeconds(final ProbePlan plan) {
        return plan.learningMessages() * (ProbePlan.INTERVAL_NS / 1e9) + EXTRA_SECONDS;
    }

    /**
     * Measures.
     *
     * @throws IOException if something cannot be started.
     * @throws InterruptedException if interrupted.
     */
    public void measure() throws IOException, InterruptedException {
        progress.step("booting a guest (QEMU, TCG, 2 vCPUs, kernel rt)", BOOT_SECONDS);
        try (ProbeBed bed = new ProbeBed(programs, progress, log)) {
            learn(bed);
            for (final String load : LOADS) {
                if (load.equals(Variants.LOAD_BOTH)) {
                    bed.load();
                }
                measure(bed, load);
            }
        }
    }

    /** Each way unrecorded, so that compilers have seen it; in a guest they take seconds, on its other vCPU. */
    private void learn(final ProbeBed bed) throws IOException, InterruptedException {
        final Set<String> learnt = new HashSet<>(Set.of(ProbeVariants.REFLECTOR));
        for (final Subject subject : bed.subjects()) {
            if (learnt.add(subject.variant())) {
                progress.step("warming up " + subject.variant(), learningSeconds(plan));
                bed.ask(subject, plan.learningMessages());
            }
        }
    }

    private void measure(final ProbeBed bed, final String load) throws IOException, InterruptedException {
        final List<Subject> subjects = bed.subjects();
        final Map<Subject, ProbeOutput> outputs = new LinkedHashMap<>();
        for (int turn = 0; turn < plan.turns(); turn++) {
            for (final Subject subject : subjects) {
                progress.step(subject.variant() + ", load " + load + ", host " + subject.host(), partSeconds(plan));
                outputs.merge(subject, bed.ask(subject, plan.part()), ProbeOutput::plus);
                if (turn == plan.turns() - 1) {
                    results.add(row(subject, load, outputs.get(subject)));
                }
            }
        }
    }

    private static Row row(final Subject subject, final String load, final ProbeOutput output) {
        final Map<String, String> params = new LinkedHashMap<>();
        params.put(Variants.HOST, subject.host());
        params.put(ProbeVariants.CPUS, Probe.cpus());
        params.put(ProbeVariants.INTERVAL, Plan.text(ProbePlan.INTERVAL_NS));
        params.put(Variants.PAYLOAD, Integer.toString(ProbePlan.PAYLOAD));
        params.put(ProbeVariants.SENT, Long.toString(output.sent()));
        params.put(Variants.DROPPED, Long.toString(output.lost()));
        params.put(Variants.WRONG, Long.toString(output.wrong()));
        params.put(ProbeVariants.LATE, Long.toString(output.late()));
        params.put(ProbeVariants.LATE_AFTER, Plan.text(ProbePlan.LATE_NS));
        params.put(ProbeVariants.UNSEEN, Long.toString(output.unseen()));
        params.put(ProbeVariants.PAUSE, Long.toString(output.pauseNs()));
        return Row.of(ProbeVariants.OUTSIDE, subject.variant(), subject.vm(), load, params, output.samples());
    }
}
