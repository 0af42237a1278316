package io.vmrpc.cli;

import io.vmrpc.bench.jmh.JmhRun;
import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Rows;
import io.vmrpc.bench.run.Plan;
import io.vmrpc.bench.run.Runs;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./vmrpc bench}: one measurement at a time. */
@Command(name = "bench", mixinStandardHelpOptions = true, description = "Measures and compares within one run.",
    subcommands = {BenchCommand.Timer.class, BenchCommand.Rpc.class, BenchCommand.Idle.class, BenchCommand.Call.class})
final class BenchCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** For picocli. */
    BenchCommand() {
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "name a bench: timer, rpc, idle or call");
    }

    enum Vm { none, tcg }

    enum Load { none, guest, host, both }

    abstract static class Measurement implements Callable<Integer> {
        @Mixin
        private Reporting reporting;

        @Option(names = "--vm", defaultValue = "tcg", description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
        private Vm vm;

        @Option(names = "--load", defaultValue = "none", description = "what is loaded: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
        private Load load;

        @Option(names = "--kernel", paramLabel = "rt|cloud|FILE", defaultValue = "rt", description = "guest kernel (default: ${DEFAULT-VALUE})")
        private String kernel;

        @CommandLine.Spec
        private CommandLine.Model.CommandSpec spec;

        abstract List<Row> run(Runs runs, Plan plan, String where, String what) throws Exception;

        @Override
        public Integer call() throws Exception {
            if (vm == Vm.none && (load == Load.guest || load == Load.both)) {
                throw new CommandLine.ParameterException(spec.commandLine(), "--load " + load + " needs a guest: use --vm tcg, or --load host");
            }
            reporting.check(spec.commandLine());
            final Runs runs = new Runs(System.err, kernel);
            reporting.write(run(runs, reporting.isQuick() ? Plan.QUICK : Plan.FULL, vm.name(), load.name()), reporting.html());
            return 0;
        }
    }

    @Command(name = "timer", mixinStandardHelpOptions = true, sortOptions = false, description = "Lateness of timers.")
    static final class Timer extends Measurement {
        @Override
        List<Row> run(final Runs runs, final Plan plan, final String where, final String what) throws Exception {
            return runs.timer(plan, where, what);
        }
    }

    @Command(name = "rpc", mixinStandardHelpOptions = true, sortOptions = false, description = "Round trips of calls.")
    static final class Rpc extends Measurement {
        @Override
        List<Row> run(final Runs runs, final Plan plan, final String where, final String what) throws Exception {
            return runs.rpc(plan, where, what);
        }
    }

    @Command(name = "idle", mixinStandardHelpOptions = true, description = "CPU time of a parked vCPU and of an idle agent, in a guest.")
    static final class Idle implements Callable<Integer> {
        @Option(names = "--json", paramLabel = "FILE", description = "write every row as JSON")
        private Path json;

        @Override
        public Integer call() throws Exception {
            final List<Row> rows = new Runs(System.err, "rt").idle();
            if (json != null) {
                Rows.write(json, rows);
            }
            return 0;
        }
    }

    @Command(name = "call", mixinStandardHelpOptions = true, description = "JMH: time and allocated bytes of one loopback call.")
    static final class Call implements Callable<Integer> {
        @Option(names = "--json", paramLabel = "FILE", description = "write JMH's results as JSON")
        private Path json;

        @Override
        public Integer call() throws Exception {
            JmhRun.calls(json);
            return 0;
        }
    }
}
