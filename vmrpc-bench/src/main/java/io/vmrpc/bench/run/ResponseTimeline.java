package io.vmrpc.bench.run;

import io.vmrpc.bench.report.ResponseVariants;
import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Variants;
import io.vmrpc.bench.worker.Job;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A timer of 10 ms, second by second, while loads come and go: ours, then the guest's own with the host untouched. Neither pauses when the load changes. The worker
 * changes the guest's load and this process the host's, both by their own clocks from the job's begin, so a phase may begin some milliseconds early or late.
 */
final class ResponseTimeline {
    private static final double EXTRA_SECONDS = 1;
    private final Bench bench;
    private final ResponsePlan plan;

    ResponseTimeline(final Bench bench, final ResponsePlan plan) {
        this.bench = bench;
        this.plan = plan;
    }

    static double seconds(final ResponsePlan plan) {
        return 2 * lineSeconds(plan);
    }

    private static double lineSeconds(final ResponsePlan plan) {
        return ResponseVariants.PHASES.size() * plan.phaseSeconds() + EXTRA_SECONDS;
    }

    List<Row> measure() throws IOException, InterruptedException {
        final List<Row> all = new ArrayList<>(line(Variants.LONGPOLL_PERIODIC, Variants.VCPU_FIFO));
        all.addAll(line(Variants.GUEST_PERIODIC, Variants.UNTOUCHED));
        return all;
    }

    private List<Row> line(final String variant, final String host) throws IOException, InterruptedException {
        final Job job = new Job(ResponseVariants.TIMELINE, variant, plan.phaseSeconds(), 0, ResponsePlan.SLOW_NS, 0, "", 0,
            Map.of(Variants.PERIOD, Plan.text(ResponsePlan.SLOW_NS)));
        final int windows = ResponseVariants.PHASES.size() * plan.phaseSeconds();
        return bench.measureAll("time line, " + variant, host, lineSeconds(plan), () -> bench.run(job, windows, this::changeLoads)).stream()
            .map(row -> row.in(row.vm(), row.param(ResponseVariants.PHASE))).toList();
    }

    private void changeLoads() throws IOException, InterruptedException {
        final long begin = System.nanoTime();
        for (int i = 0; i < ResponseVariants.PHASES.size(); i++) {
            final long leftNs = begin + i * plan.phaseSeconds() * 1_000_000_000L - System.nanoTime();
            Thread.sleep(Math.max(0, leftNs / 1_000_000));
            bench.loads().host(ResponseVariants.isHostLoaded(ResponseVariants.PHASES.get(i)));
        }
    }
}
