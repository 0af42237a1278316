package io.vmrpc.bench.run;

import io.vmrpc.bench.report.ResponseVariants;
import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Variants;
import io.vmrpc.bench.worker.Job;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** One run: gives jobs to a worker, under a scheduling and a load, and keeps the rows. */
final class Bench implements AutoCloseable {
    /** How often limits and what is compared with them take turns. */
    private static final int TURNS = 10;
    private static final long WARM_UP_PERIOD_NS = 1_000_000;
    private static final int WARM_UP_SAMPLES = 3_000;
    private final Agents agents;
    private final Side side;
    private final WorkerJobs jobs;
    private final Loads loads;
    private final Progress progress;
    private Results results;

    /** Only gives jobs: the rows are its caller's. */
    Bench(final Agents agents, final Side side, final Progress progress) {
        this(agents, side, progress, new Results());
    }

    Bench(final Agents agents, final Side side, final Progress progress, final Results results) {
        this.agents = agents;
        this.side = side;
        this.progress = progress;
        this.results = results;
        loads = new Loads(!side.vm().equals("none"));
        jobs = new WorkerJobs(agents, side, progress, loads);
        loads.worker(jobs);
    }

    /** What is loaded. */
    Loads loads() {
        return loads;
    }

    /** {@code none}, {@code guest}, {@code host}, {@code both}, or {@link ResponseVariants#LOAD_NETWORK}. */
    void load(final String wanted) throws IOException, InterruptedException {
        loads.set(wanted);
    }

    /** Lets the guest's compilers see both ways of waiting before anything is loaded or recorded. */
    void warmUp() throws IOException, InterruptedException {
        progress.step("warming up", 6);
        Scheduling.apply(Variants.VCPU_FIFO, side.threads());
        jobs.learn(Job.timer(Variants.LONGPOLL_PERIODIC, WARM_UP_PERIOD_NS, WARM_UP_SAMPLES, Map.of()), 1);
        jobs.learn(Job.timer(Variants.GUEST_PERIODIC, WARM_UP_PERIOD_NS, WARM_UP_SAMPLES, Map.of()), 1);
    }

    /** Timers: long polling, then the conventional ones in each scheduling, then the host's own. */
    void timers(final Plan plan, final String kind, final long periodNs) throws IOException, InterruptedException {
        final int count = plan.timerSamples(periodNs);
        final double seconds = count * periodNs / 1e9 + 2;
        final Map<String, String> params = Map.of(Variants.PERIOD, Plan.text(periodNs));
        measure(Job.timer("longpoll-" + kind, periodNs, count, params), Variants.VCPU_FIFO, seconds);
        for (final String host : side.threads().isEmpty() ? List.of(Variants.UNTOUCHED) : Variants.HOSTS) {
            measure(Job.timer("guest-" + kind, periodNs, count, params), host, seconds);
        }
    }

    /** The host's own timer, measured by a program that is not ours. */
    void cyclictest(final Plan plan, final long periodNs) throws IOException, InterruptedException {
        final int count = plan.timerSamples(periodNs);
        results.add(beside("host cyclictest, " + Plan.text(periodNs), count * periodNs / 1e9,
            () -> Instruments.cyclictest(periodNs, count, loads.name(), Map.of(Variants.PERIOD, Plan.text(periodNs)))));
    }

    /** What the machine itself can do: C ping-pong, {@code spin} or {@code futex}. */
    void limit(final String kind, final Plan plan) throws IOException, InterruptedException {
        progress.step("C ping-pong, " + kind + ", load " + loads.name(), 0.5);
        results.add(Instruments.limit(kind, plan.calls(), loads.name()));
    }

    /** A step of a run. */
    interface Step {
        void run(Plan plan) throws IOException, InterruptedException;
    }

    /**
     * Measures in turns a limit and what we make of it, and joins the parts: a wake-up here
     * takes 5 us or 12, depending on what the hypervisor below has just done, and a turn's two halves meet the same.
     */
    void alternate(final String limit, final Plan plan, final Step step) throws IOException, InterruptedException {
        final Results whole = results;
        results = new Results();
        final Plan part = plan.part(TURNS);
        for (int i = 0; i < TURNS; i++) {
            limit(limit, part);
            step.run(part);
        }
        final List<Row> parts = results.rows();
        results = whole;
        results.add(join(parts, 0));
        results.add(join(parts, 1));
    }

    /** Every second row from an offset as one. */
    private static Row join(final List<Row> parts, final int offset) {
        final List<Row> its = new ArrayList<>();
        for (int i = offset; i < parts.size(); i += 2) {
            its.add(parts.get(i));
        }
        return Turns.join(its);
    }

    /** Round trips of calls whose caller parks and whose agent sleeps. */
    void parkedCalls(final Plan plan) throws IOException, InterruptedException {
        agents.blocking();
        measure(call(Variants.VMRPC_PARKED, plan.calls(), 20_000), Variants.VCPU_FIFO, plan.calls() / 80e3 + warmUpNs() / 1e9);
    }

    /** Round trips of calls whose caller and agent spin. */
    void spinningCalls(final Plan plan) throws IOException, InterruptedException {
        agents.spinning();
        measure(call(Variants.VMRPC_SPINNING, plan.calls(), 20_000), Variants.VCPU_FIFO, plan.calls() / 100e3 + warmUpNs() / 1e9);
    }

    /** Requests kept in flight; agent and caller spin. */
    void pipelinedCalls(final int batches) throws IOException, InterruptedException {
        agents.spinning();
        measure(call("vmrpc-pipelined", batches, batches), Variants.VCPU_FIFO, 2);
    }

    private Job call(final String variant, final int count, final int warmUp) {
        return Job.rpc(variant, payload(), count, warmUp, warmUpNs(), "", 0, Map.of(Variants.PAYLOAD, Integer.toString(payload())));
    }

    private long warmUpNs() {
        return side.vm().equals("none") ? 0 : 4_000_000_000L;
    }

    /** An empty call in loopback, where the limits are empty too; TCP has no empty messages. */
    private int payload() {
        return side.vm().equals("none") ? 0 : Plan.PAYLOAD;
    }

    /** The conventional call: TCP to an echo server on the host, in each scheduling. */
    void tcpCalls(final Plan plan) throws IOException, InterruptedException {
        try (EchoServer server = new EchoServer(side.hostAddress(), Agents.PRIORITY)) {
            final Job job = Job.rpc(Variants.VIRTIO_NET_TCP, Plan.PAYLOAD, plan.slowCalls(), 2_000, warmUpNs(), side.hostAddress(), server.port(),
                Map.of(Variants.PAYLOAD, Integer.toString(Plan.PAYLOAD)));
            for (final String host : Variants.HOSTS) {
                measure(job, host, plan.slowCalls() * 0.4e-3 + warmUpNs() / 1e9);
            }
        }
    }

    /** Gives a job and adds what only the host knows to its row. */
    Row measure(final Job job, final String host, final double seconds) throws IOException, InterruptedException {
        return measure(job.variant() + ", " + job.params().getOrDefault(Variants.PERIOD, job.payload() + " bytes"), host, seconds, () -> run(job));
    }

    /** Gives a job whose row nobody wants. */
    void learn(final Job job, final String host, final double seconds) throws IOException, InterruptedException {
        learn(job, 1, host, seconds);
    }

    /** The same of a job that has so many rows. */
    void learn(final Job job, final int rows, final String host, final double seconds) throws IOException, InterruptedException {
        progress.step("warming up " + job.variant() + (job.payload() > 0 ? ", " + job.payload() + " bytes" : ""), seconds);
        Scheduling.apply(host, side.threads());
        jobs.learn(job, rows);
        Scheduling.apply(Variants.UNTOUCHED, side.threads());
    }

    /** What makes a row. */
    interface Measurement {
        Row run() throws IOException, InterruptedException;
    }

    /** Takes a measurement of the guest under a scheduling, and adds what only the host knows to its row. */
    Row measure(final String what, final String host, final double seconds, final Measurement measurement) throws IOException, InterruptedException {
        return measureAll(what, host, seconds, () -> List.of(measurement.run())).get(0);
    }

    /** The same of several rows. */
    List<Row> measureAll(final String what, final String host, final double seconds, final Turns.Part measurement) throws IOException, InterruptedException {
        progress.step(what + ", load " + loads.name() + ", host " + host, seconds);
        Scheduling.apply(host, side.threads());
        loads.mark();
        final List<Row> rows = new ArrayList<>();
        for (final Row row : measurement.run()) {
            rows.add(loads.counted(row.in(side.vm(), loads.name()).withParam(Variants.HOST, host)));
        }
        Scheduling.apply(Variants.UNTOUCHED, side.threads());
        results.addAll(rows);
        return rows;
    }

    /** Takes a measurement that has nothing to do with the guest but the load beside it. */
    Row beside(final String what, final double seconds, final Measurement measurement) throws IOException, InterruptedException {
        progress.step(what + ", load " + loads.name(), seconds);
        loads.mark();
        return loads.counted(measurement.run().in(Variants.NO_VM, loads.name()));
    }

    /** Gives a job without waiting for its row. */
    void begin(final Job job) throws InterruptedException {
        jobs.begin(job);
    }

    /** Gives a job and waits for its row; a worker that crashed meanwhile, and was started again, gets it again. */
    Row run(final Job job) throws IOException, InterruptedException {
        return run(job, 1, () -> { }).get(0);
    }

    /** The same of a job that has so many rows, while the host does something. */
    List<Row> run(final Job job, final int rows, final WorkerJobs.Meanwhile meanwhile) throws IOException, InterruptedException {
        return jobs.run(job, rows, meanwhile);
    }

    /** Another row of a job that has more than one; empty if it does not come, because the worker is another one by now. */
    Optional<Row> nextRow(final long seconds) throws InterruptedException {
        return jobs.nextRow(seconds);
    }

    /** Whether the worker wants a job: after one that has not ended, it is another worker. */
    boolean isAsking() {
        return agents.jobs().isAsking();
    }

    void note(final String what) {
        progress.note(what);
    }

    /** Lets the worker go if it asks for more; closing its side ends it in any case. */
    @Override
    public void close() {
        loads.close();
        jobs.quit();
        side.close();
    }
}
