package io.vmrpc.bench.run;

import io.vmrpc.bench.report.AlternativeVariants;
import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Variants;
import io.vmrpc.bench.worker.CycleProgram;
import io.vmrpc.bench.worker.Job;
import io.vmrpc.vm.PeerNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What LXC and other containers are made of, without their programs: cgroups, and namespaces of processes, mounts, names, IPC and network, the last with a veth pair
 * of its own. Not thread-safe, but {@link #close} is for any thread.
 */
final class Container implements AutoCloseable {
    /** Namespaces and all that is in them end when this process does. */
    private static final List<String> NAMESPACES =
        List.of("unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "--mount", "--uts", "--ipc");
    private static final String ENTER = "for entrance in %s; do echo $$ >$entrance || exit 1; done; exec \"$@\"";
    private final PeerNetwork network;
    private final ContainerGroups groups;
    private CycleProgram program;

    /** Its packets reach the peers as those of a guest do: the host forwards them. */
    Container(final PeerNetwork peers) throws IOException {
        network = PeerNetwork.create("container");
        try {
            peers.forward(network);
            groups = new ContainerGroups();
        } catch (final IOException | RuntimeException e) {
            network.close();
            throw e;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    private List<String> entrance() {
        final List<String> files = groups.entrances().stream().map(Object::toString).toList();
        final List<String> command = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL", "sh", "-c", ENTER.formatted(String.join(" ", files)), "container"));
        command.addAll(network.command(NAMESPACES));
        return command;
    }

    /** How late cycles began, then how long exchanges took; meanwhile the cost is taken. */
    List<Row> measure(final Job job, final CostWindow cost) throws IOException, InterruptedException {
        try (CycleProgram running = start(job)) {
            cost.take(groups::cpuNs);
            final CycleProgram.Result result = running.await();
            return List.of(row(job, AlternativeVariants.TIMER, result.timer(), result), row(job, AlternativeVariants.EXCHANGE, result.exchange(), result));
        }
    }

    private synchronized CycleProgram start(final Job job) throws IOException {
        program = new CycleProgram(entrance(), job);
        return program;
    }

    private static Row row(final Job job, final String what, final Histogram samples, final CycleProgram.Result result) {
        final Map<String, String> params = new HashMap<>(job.params());
        params.put(AlternativeVariants.WHAT, what);
        params.put(Variants.DROPPED, Long.toString(result.lost()));
        return Row.of(job.bench(), job.variant(), Variants.NO_VM, "none", params, samples);
    }

    @Override
    public synchronized void close() {
        try {
            if (program != null) {
                program.close();
            }
            groups.remove();
            network.close();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
