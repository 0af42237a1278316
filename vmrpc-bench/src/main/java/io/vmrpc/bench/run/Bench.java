package io.vmrpc.bench.run;

import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Variants;
import io.vmrpc.bench.worker.Job;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One run: gives jobs to a worker, under a scheduling and a load, and keeps the rows. */
final class Bench implements AutoCloseable {
    /** How often limits and what is compared with them take turns. */
    private static final int TURNS = 10;
    private static final long WARM_UP_PERIOD_NS = 1_000_000;
    private static final int WARM_UP_SAMPLES = 3_000;
    private static final long ROW_ON_ITS_WAY_SECONDS = 5;
    private static final long JOB_TIMEOUT_SECONDS = 900;
    private final Agents agents;
    private final Side side;
    private final HostLoad hostLoad = new HostLoad();
    private final Progress progress;
    private Results results;
    private String load = "none";

    /** Only gives jobs: the rows are its caller's. */
    Bench(final Agents agents, final Side side, final Progress progress) {
        this(agents, side, progress, new Results());
    }

    Bench(final Agents agents, final Side side, final Progress progress, final Results results) {
        this.agents = agents;
        this.side = side;
        this.progress = progress;
        this.results = results;
        Runtime.getRuntime().addShutdownHook(new Thread(hostLoad::close));
    }

    /** {@code none}, {@code guest}, {@code host} or {@code both}. */
    void load(final String wanted) throws IOException, InterruptedException {
        if (!wanted.equals(load)) {
            load = wanted;
            hostLoad.set(wanted.equals("host") || wanted.equals("both"));
            if (!side.vm().equals("none")) {
                final boolean inGuest = wanted.equals("guest") || wanted.equals("both");
                run(new Job("load", inGuest ? "on" : "off", 1, 0, 0, 0, "", 0, Map.of()));
            }
            Thread.sleep(1_000);
        }
    }

    /** Lets the guest's compilers see both ways of waiting before anything is loaded or recorded. */
    void warmUp() throws IOException, InterruptedException {
        progress.step("warming up", 6);
        Scheduling.apply(Variants.VCPU_FIFO, side.threads());
        run(Job.timer(Variants.LONGPOLL_PERIODIC, WARM_UP_PERIOD_NS, WARM_UP_SAMPLES, Map.of()));
        run(Job.timer(Variants.GUEST_PERIODIC, WARM_UP_PERIOD_NS, WARM_UP_SAMPLES, Map.of()));
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
            () -> Instruments.cyclictest(periodNs, count, load, Map.of(Variants.PERIOD, Plan.text(periodNs)))));
    }

    /** What the machine itself can do: C ping-pong, {@code spin} or {@code futex}. */
    void limit(final String kind, final Plan plan) throws IOException, InterruptedException {
        progress.step("C ping-pong, " + kind + ", load " + load, 0.5);
        results.add(Instruments.limit(kind, plan.calls(), load));
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
        progress.step("warming up " + job.variant() + ", " + job.payload() + " bytes", seconds);
        Scheduling.apply(host, side.threads());
        run(job);
        Scheduling.apply(Variants.UNTOUCHED, side.threads());
    }

    /** What makes a row. */
    interface Measurement {
        Row run() throws IOException, InterruptedException;
    }

    /** Takes a measurement of the guest under a scheduling, and adds what only the host knows to its row. */
    Row measure(final String what, final String host, final double seconds, final Measurement measurement) throws IOException, InterruptedException {
        progress.step(what + ", load " + load + ", host " + host, seconds);
        Scheduling.apply(host, side.threads());
        hostLoad.mark();
        final Row row = hostLoad.withShare(measurement.run().in(side.vm(), load).withParam(Variants.HOST, host));
        Scheduling.apply(Variants.UNTOUCHED, side.threads());
        results.add(row);
        return row;
    }

    /** Takes a measurement that has nothing to do with the guest but the load beside it. */
    Row beside(final String what, final double seconds, final Measurement measurement) throws IOException, InterruptedException {
        progress.step(what + ", load " + load, seconds);
        hostLoad.mark();
        return hostLoad.withShare(measurement.run().in(Variants.NO_VM, load));
    }

    /** Gives a job without waiting for its row. */
    void begin(final Job job) throws InterruptedException {
        agents.jobs().give(job, 180);
    }

    /** Gives a job and waits for its row; a worker that crashed meanwhile, and was started again, gets it again. */
    Row run(final Job job) throws InterruptedException {
        begin(job);
        final long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(JOB_TIMEOUT_SECONDS);
        while (System.nanoTime() < until) {
            final boolean isAsking = agents.jobs().isAsking(); // before the look at the row, which may still be on its way
            final Row row = side.rows().poll(isAsking ? ROW_ON_ITS_WAY_SECONDS : 1, TimeUnit.SECONDS);
            if (row != null) {
                return row;
            }
            if (isAsking) {
                progress.note("the guest's JVM crashed and was started again: " + job.variant() + " is repeated");
                begin(job);
            }
            if (!side.isAlive()) {
                throw new IllegalStateException("the worker ended in the middle of job " + job.variant() + ": its output says why");
            }
        }
        throw new IllegalStateException("job " + job.variant() + " did not end within " + JOB_TIMEOUT_SECONDS + " s");
    }

    /** Another row of a job that has more than one; empty if it does not come, because the worker is another one by now. */
    Optional<Row> nextRow(final long seconds) throws InterruptedException {
        return Optional.ofNullable(side.rows().poll(seconds, TimeUnit.SECONDS));
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
        hostLoad.close();
        try {
            if (side.isAlive()) {
                agents.jobs().give(Job.QUIT, 5);
            }
        } catch (final IllegalStateException e) {
            progress.note("the worker is ended by force: " + e.getMessage());
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        side.close();
    }
}
