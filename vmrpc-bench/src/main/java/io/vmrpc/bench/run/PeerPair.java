package io.vmrpc.bench.run;

import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.RowLine;
import io.vmrpc.bench.report.PeerVariants;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The two processes of one way, which no other way shares: compilers see its code only. Between its turns neither spins. */
final class PeerPair implements AutoCloseable {
    private final String variant;
    private final PeerPlan plan;
    private final Path folder;
    private final PrintStream log;
    private final PeerProcess server;
    private final PeerProcess caller;
    private final Map<String, Long> spent = new HashMap<>();
    private boolean isWarm;

    PeerPair(final String variant, final PeerPlan plan, final Path folder, final PrintStream log) throws IOException {
        this.variant = variant;
        this.plan = plan;
        this.folder = folder;
        this.log = log;
        server = new PeerProcess("server of " + variant, log);
        caller = new PeerProcess("caller of " + variant, log);
    }

    /** One row for each number of bytes. */
    List<Row> measure(final String cpus) throws IOException, InterruptedException {
        final int cpu = cpus.equals(PeerVariants.ANY_CPU) ? -1 : Scheduling.REAL_TIME_CPU;
        final List<Row> rows = new ArrayList<>();
        for (final int bytes : PeerPlan.BYTES) {
            final String address = server.ask("serve " + variant + " " + (cpus.equals(PeerVariants.TWO_CPUS) ? 0 : cpu) + " " + bytes + " " + folder);
            caller.ask("connect " + variant + " " + cpu + " " + address);
            warmUp(bytes);
            rows.add(measure(cpus, bytes));
            caller.ask("close");
            server.ask("close");
        }
        return rows;
    }

    /** A row of several turns with the CPU time of both processes for each of its calls; a turn with few calls must not weigh as much as one with many. */
    Row withCpuTime(final Row joined) {
        final long ns = spent.getOrDefault(joined.param(PeerVariants.CPUS) + joined.param(PeerVariants.BYTES), 0L);
        return joined.withParam(PeerVariants.CPU_NS, Long.toString(ns / Math.max(1, joined.figures().count())));
    }

    String variant() {
        return variant;
    }

    private void warmUp(final int bytes) throws IOException, InterruptedException {
        if (!isWarm) {
            isWarm = true;
            final long calls = call(bytes, PeerPlan.FIRST_MILLIS, plan.firstCalls());
            if (calls < plan.firstCalls()) {
                log.println("       " + variant + " made " + calls + " of " + plan.firstCalls() + " calls to warm up within " + PeerPlan.FIRST_MILLIS / 1_000 +
                    " s: the machine is too busy for its figures");
            }
        }
        call(bytes, plan.warmUpMillis(), Long.MAX_VALUE);
    }

    private Row measure(final String cpus, final int bytes) throws IOException, InterruptedException {
        final long used = CpuTime.ofThreads(server.pid(), caller.pid());
        call(bytes, plan.callMillis(), Long.MAX_VALUE);
        spent.merge(cpus + bytes, CpuTime.ofThreads(server.pid(), caller.pid()) - used, Long::sum); // before the row costs something
        return RowLine.decode(caller.ask("row")).withParam(PeerVariants.CPUS, cpus);
    }

    private long call(final int bytes, final int millis, final long most) throws IOException, InterruptedException {
        return Math.max(1, Long.parseLong(caller.ask("call " + bytes + " " + millis + " " + most)));
    }

    @Override
    public void close() {
        caller.close();
        server.close();
    }
}
