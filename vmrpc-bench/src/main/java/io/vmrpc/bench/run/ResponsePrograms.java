package io.vmrpc.bench.run;

import io.vmrpc.bench.report.ResponseVariants;
import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Variants;
import io.vmrpc.bench.worker.CyclictestOutput;
import io.vmrpc.bench.worker.Job;
import io.vmrpc.bench.worker.Omission;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Programs in the guest, as children of the worker, that know nothing of VMRPC: a C program whose handler SIGALRM calls, as it is and with VMRPC preloaded; and
 * Debian's cyclictest, as it is, there and on the host.
 */
final class ResponsePrograms {
    private static final String NATIVE = "native/target/native/linux-x86-64";
    private static final String SIGALRM = "vmrpc-sigalrm";
    private static final List<String> PROGRAMS = List.of(SIGALRM, "vmrpc-run", "vmrpc-guestd");
    /** Starting a program and reading its samples, on a loaded and emulated CPU. */
    private static final double START_SECONDS = 0.8;
    /** Besides, letting the region go, starting the daemon, ending it and taking the region again. */
    private static final double SERVED_SECONDS = 2.5;
    private static final String DAEMON_LOG = "/tmp/daemon";
    private static final int LEARNING_HANDLERS = 20;
    private final Bench bench;
    private final Path programs;
    private final ResponsePlan part;

    ResponsePrograms(final Bench bench, final Path home, final ResponsePlan part) {
        this.bench = bench;
        this.part = part;
        programs = programs(home);
    }

    private static Path programs(final Path home) {
        return home.toAbsolutePath().normalize().resolve(NATIVE);
    }

    /** Before a guest is booted. */
    static void check(final Path home) throws IOException {
        for (final String program : PROGRAMS) {
            if (!Files.isExecutable(programs(home).resolve(program))) {
                throw new IOException(programs(home).resolve(program) + " is missing: run ./vmrpc, which builds it");
            }
        }
    }

    static double learningSeconds() {
        return 3 * START_SECONDS + SERVED_SECONDS + 1;
    }

    /** Each once, unrecorded: programs come into the guest's memory. */
    void learn() throws IOException, InterruptedException {
        final long period = ResponsePlan.FAST_NS;
        for (final Job job : List.of(cyclictest(period, LEARNING_HANDLERS), sigalrm(false, "oneshot", period, LEARNING_HANDLERS),
            sigalrm(true, "oneshot", period, LEARNING_HANDLERS))) {
            bench.learn(job, Variants.VCPU_FIFO, learningSeconds() / 3);
        }
    }

    List<Subject> subjects() {
        final List<Subject> all = new ArrayList<>();
        for (final long period : ResponseTimers.PERIODS_NS) {
            final int count = part.programHandlers(period);
            for (final String kind : count > 0 ? ResponseTimers.KINDS : List.<String>of()) {
                all.add(signals(period, kind, count));
            }
        }
        all.add(wakes(ResponsePlan.FAST_NS, part.fast()));
        return all;
    }

    private Subject signals(final long period, final String kind, final int count) {
        final List<Turns.Part> parts = new ArrayList<>();
        final double seconds = seconds(period, count);
        parts.add(() -> rows(sigalrm(true, kind, period, count), Variants.VCPU_FIFO, seconds + SERVED_SECONDS));
        Variants.HOSTS.forEach(host -> parts.add(() -> rows(sigalrm(false, kind, period, count), host, seconds)));
        return new Subject(parts, parts.size() * seconds + SERVED_SECONDS);
    }

    private Subject wakes(final long period, final int count) {
        final List<Turns.Part> parts = new ArrayList<>();
        final double seconds = seconds(period, count);
        Variants.HOSTS.forEach(host -> parts.add(() -> rows(cyclictest(period, count), host, seconds)));
        parts.add(() -> List.of(bench.beside("the host's cyclictest", seconds, () -> Row.of(ResponseVariants.PROGRAM, Variants.CYCLICTEST_HOST, Variants.NO_VM,
            "none", params(period, "periodic", ResponseVariants.LATENESS), Omission.corrected(CyclictestOutput.samples(
                Instruments.run(GuestPrograms.cyclictest(1, period, count, Scheduling.REAL_TIME_CPU)), GuestPrograms.WARM_UP), period)))));
        return new Subject(parts, parts.size() * seconds);
    }

    private static double seconds(final long period, final int count) {
        return START_SECONDS + (count + GuestPrograms.WARM_UP) * period / 1e9;
    }

    private List<Row> rows(final Job job, final String host, final double seconds) throws IOException, InterruptedException {
        return bench.measureAll(job.variant() + " " + job.params().get(Variants.KIND) + ", " + job.params().get(Variants.PERIOD), host, seconds,
            () -> bench.run(job, 1, () -> { }));
    }

    private Job cyclictest(final long period, final int count) {
        return job(Variants.CYCLICTEST_GUEST, period, "periodic", count, ResponseVariants.LATENESS,
            String.join(" ", GuestPrograms.cyclictest(1, period, count, VmSide.RT_CPU)) + " >" + Job.SAMPLES);
    }

    private Job sigalrm(final boolean isServed, final String kind, final long period, final int count) {
        final String program = programs.resolve(SIGALRM) + " -a " + VmSide.RT_CPU + " -p " + Scheduling.PRIORITY + " -i " + period / 1_000 +
            " -n " + count + " -k " + kind + " --out " + Job.SAMPLES;
        return job(isServed ? Variants.SIGALRM_VMRPC : Variants.SIGALRM_GUEST, period, kind, count, ResponseVariants.INTERVAL, isServed ? served(program) : program);
    }

    /** The daemon says that it is ready by going into the background, and has the region until it has ended. */
    private String served(final String program) {
        final Path daemon = programs.resolve("vmrpc-guestd");
        return "set -x; " + daemon + " --cpu " + VmSide.RT_CPU + " --daemon >" + DAEMON_LOG + " 2>&1 || { cat " + DAEMON_LOG + "; exit 1; }; " +
            programs.resolve("vmrpc-run") + " -- " + program +
            "; s=$?; pkill -x vmrpc-guestd; while pgrep -x vmrpc-guestd >/dev/null; do sleep 0.05; done; exit $s";
    }

    private static Job job(final String variant, final long period, final String kind, final int count, final String quantity, final String command) {
        final Map<String, String> params = new HashMap<>(params(period, kind, quantity));
        params.put(Job.COMMAND, command);
        return new Job(ResponseVariants.PROGRAM, variant, count, GuestPrograms.WARM_UP, period, 0, "", 0, params);
    }

    private static Map<String, String> params(final long period, final String kind, final String quantity) {
        return Map.of(Variants.PERIOD, Plan.text(period), Variants.KIND, kind, ResponseVariants.LANGUAGE, ResponseVariants.C,
            ResponseVariants.QUANTITY, quantity);
    }
}
