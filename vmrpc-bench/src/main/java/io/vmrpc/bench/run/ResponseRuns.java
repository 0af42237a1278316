package io.vmrpc.bench.run;

import io.vmrpc.bench.report.ResponseVariants;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The published test's first two measurements, in one guest: how a handler responds to a timer and how long a packet's acknowledgement takes, idle, with guest and
 * host loaded, and with packets from a peer besides; then a time line of changing loads. What is compared takes turns.
 */
public final class ResponseRuns {
    private static final double BOOT_SECONDS = 25;
    private static final double LOAD_SECONDS = 2.5;
    private final PrintStream log;
    private final Path home;
    private final String kernel;
    private final ResponsePlan plan;
    private final Results results;

    /**
     * Prepares a run; one object is good for one.
     *
     * @param log where steps are told.
     * @param home the repository, with the built native programs.
     * @param kernel of the guest: {@code rt}, {@code cloud} or a file.
     * @param plan how much.
     * @param results get the rows.
     */
    public ResponseRuns(final PrintStream log, final Path home, final String kernel, final ResponsePlan plan, final Results results) {
        this.log = log;
        this.home = home;
        this.kernel = kernel;
        this.plan = plan;
        this.results = results;
    }

    /**
     * How long a run takes.
     *
     * @param plan how much.
     * @return seconds, about.
     */
    public static double seconds(final ResponsePlan plan) {
        final ResponseRuns none = new ResponseRuns(null, Path.of(""), "", plan, null);
        double sum = BOOT_SECONDS + ResponseTimers.learningSeconds() + ResponsePrograms.learningSeconds() + ResponseNetwork.learningSeconds()
            + ResponseTimeline.seconds(plan);
        for (final String load : ResponseVariants.LOADS) {
            sum += LOAD_SECONDS + plan.turns() * none.subjects(load, null, null).stream().mapToDouble(Subject::seconds).sum();
        }
        return sum;
    }

    /**
     * Measures.
     *
     * @throws IOException if something cannot be started.
     * @throws InterruptedException if interrupted.
     */
    public void measure() throws IOException, InterruptedException {
        ResponsePrograms.check(home);
        final Progress progress = new Progress(log, seconds(plan));
        try (NetPeer peer = new NetPeer(); Agents agents = NetRuns.agents(false, peer)) {
            agents.blocking();
            progress.step("booting a guest (QEMU, TCG, 2 vCPUs, kernel " + kernel + ")", BOOT_SECONDS);
            final VmSide side = VmSide.withPrograms(agents.region(), kernel, home, log);
            try (Bench bench = new Bench(agents, side, progress)) {
                peer.network().forward(side.tap());
                bench.loads().network(new NetworkLoad(peer.network(), side.tap()));
                learn(bench, peer);
                for (final String load : ResponseVariants.LOADS) {
                    bench.load(load);
                    for (final Subject subject : subjects(load, bench, peer)) {
                        subject.measure(plan.turns(), results);
                    }
                }
                bench.load("none");
                results.addAll(new ResponseTimeline(bench, plan).measure());
            }
        }
    }

    private void learn(final Bench bench, final NetPeer peer) throws IOException, InterruptedException {
        new ResponseTimers(bench, plan.part()).learn();
        new ResponseNetwork(bench, peer, plan.part()).learn();
        new ResponsePrograms(bench, home, plan.part()).learn();
    }

    private List<Subject> subjects(final String load, final Bench bench, final NetPeer peer) {
        final List<Subject> all = new ArrayList<>(new ResponseTimers(bench, plan.part()).subjects());
        if (!load.equals(ResponseVariants.LOAD_NETWORK)) { // there the packets themselves are what is measured
            all.add(new ResponseNetwork(bench, peer, plan.part()).subject());
        }
        all.addAll(new ResponsePrograms(bench, home, plan.part()).subjects());
        return all;
    }
}
