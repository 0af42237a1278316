package io.vmrpc.bench.run;

import io.vmrpc.bench.report.ResponseVariants;
import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Variants;
import io.vmrpc.bench.worker.Job;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A handler of the worker's, called by a timer of its JVM or by long polling: periodic and one-shot. */
final class ResponseTimers {
    static final List<Long> PERIODS_NS = List.of(ResponsePlan.SLOW_NS, ResponsePlan.FAST_NS);
    static final List<String> KINDS = List.of("periodic", "oneshot");
    /** Lateness and interval. */
    private static final int ROWS = 2;
    private static final int LEARNING_SAMPLES = 3_000;
    /** Giving the job and taking the rows, on a loaded CPU. */
    private static final double EXTRA_SECONDS = 0.3;
    private final Bench bench;
    private final ResponsePlan part;

    ResponseTimers(final Bench bench, final ResponsePlan part) {
        this.bench = bench;
        this.part = part;
    }

    static double learningSeconds() {
        return 2 * KINDS.size() * LEARNING_SAMPLES * (ResponsePlan.FAST_NS * 1.2 / 1e9);
    }

    /** Unrecorded, so that the guest's compilers have seen all ways of waiting. */
    void learn() throws IOException, InterruptedException {
        for (final String kind : KINDS) {
            for (final String way : List.of("longpoll-", "guest-")) {
                bench.learn(job(way + kind, ResponsePlan.FAST_NS, LEARNING_SAMPLES, kind), ROWS, Variants.VCPU_FIFO, learningSeconds() / 2 / KINDS.size());
            }
        }
    }

    List<Subject> subjects() {
        final List<Subject> all = new ArrayList<>();
        for (final long period : PERIODS_NS) {
            for (final String kind : KINDS) {
                final List<Turns.Part> parts = new ArrayList<>();
                parts.add(() -> rows("longpoll-" + kind, period, kind, Variants.VCPU_FIFO));
                Variants.HOSTS.forEach(host -> parts.add(() -> rows("guest-" + kind, period, kind, host)));
                all.add(new Subject(parts, parts.size() * seconds(period)));
            }
        }
        return all;
    }

    private double seconds(final long period) {
        return (part.handlers(period) + ResponsePlan.WARM_UP) * period / 1e9 + EXTRA_SECONDS;
    }

    private List<Row> rows(final String variant, final long period, final String kind, final String host) throws IOException, InterruptedException {
        final Job job = job(variant, period, part.handlers(period), kind);
        return bench.measureAll(variant + ", " + Plan.text(period), host, seconds(period), () -> bench.run(job, ROWS, () -> { }));
    }

    private static Job job(final String variant, final long period, final int count, final String kind) {
        return new Job(ResponseVariants.TIMER, variant, count, ResponsePlan.WARM_UP, period, 0, "", 0,
            Map.of(Variants.PERIOD, Plan.text(period), Variants.KIND, kind, ResponseVariants.LANGUAGE, ResponseVariants.JAVA));
    }
}
