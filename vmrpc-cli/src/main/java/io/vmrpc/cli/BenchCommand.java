package io.vmrpc.cli;

import io.vmrpc.bench.jmh.JmhRun;
import io.vmrpc.bench.report.Rows;
import io.vmrpc.bench.run.AlternativePlan;
import io.vmrpc.bench.run.AlternativeRuns;
import io.vmrpc.bench.run.DensityPlan;
import io.vmrpc.bench.run.DensityRuns;
import io.vmrpc.bench.run.FilePlan;
import io.vmrpc.bench.run.FileRuns;
import io.vmrpc.bench.run.FreestandingRuns;
import io.vmrpc.bench.run.GuestPlan;
import io.vmrpc.bench.run.GuestRuns;
import io.vmrpc.bench.run.NetPlan;
import io.vmrpc.bench.run.NetRuns;
import io.vmrpc.bench.run.PeerPlan;
import io.vmrpc.bench.run.PeerRuns;
import io.vmrpc.bench.run.Plan;
import io.vmrpc.bench.run.Results;
import io.vmrpc.bench.run.Runs;
import io.vmrpc.vm.Accelerator;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./vmrpc bench}: one measurement at a time. */
@Command(name = "bench", mixinStandardHelpOptions = true, description = "Measures and compares within one run.",
    subcommands = {AllCommand.class, BenchCommand.Timer.class, BenchCommand.Rpc.class, BenchCommand.Exit.class, BenchCommand.Idle.class,
        BenchCommand.Call.class, BenchCommand.Guest.class, BenchCommand.Net.class, BenchCommand.File.class, CompareCommand.class,
        BenchCommand.Density.class, IndependenceCommand.class, BenchCommand.Alternatives.class, BenchOutside.class,
        ResponseCommand.class})
final class BenchCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** For picocli. */
    BenchCommand() {
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "name one of " + String.join(", ", spec.commandLine().getSubcommands().keySet()));
    }

    enum Vm { none, tcg, kvm }

    enum Load { none, guest, host, both }

    abstract static class Measurement extends ReportedRun {
        @Option(names = "--vm", defaultValue = "tcg", description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
        private Vm vm;

        @Option(names = "--load", defaultValue = "none", description = "what is loaded: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
        private Load load;

        @Option(names = "--kernel", paramLabel = "rt|cloud|FILE", defaultValue = "rt", description = "guest kernel, with --vm tcg (default: ${DEFAULT-VALUE})")
        private String kernel;

        abstract void run(Runs runs, Plan plan, String where, String what) throws Exception;

        /** With the freestanding guest, since /dev/kvm may be unable to run Linux. */
        void runFreestanding(final FreestandingRuns runs, final String what) throws Exception {
            throw new CommandLine.ParameterException(spec.commandLine(), "--vm kvm: its guest has no operating system and so no TCP to compare with; " +
                "use --vm tcg or none, or bench exit --vm kvm");
        }

        @Override
        void checkArguments() {
            if (vm != Vm.tcg && (load == Load.guest || load == Load.both)) {
                throw new CommandLine.ParameterException(spec.commandLine(), "--load " + load + " needs a Linux guest: use --vm tcg, or --load host");
            }
            if (vm != Vm.tcg && spec.commandLine().getParseResult().hasMatchedOption("--kernel")) {
                throw new CommandLine.ParameterException(spec.commandLine(), "--kernel is for the Linux guest of --vm tcg: leave it out with --vm " + vm);
            }
        }

        @Override
        void measure(final Results results) throws Exception {
            final Plan plan = isQuick() ? Plan.QUICK : Plan.FULL;
            if (vm == Vm.kvm) {
                runFreestanding(new FreestandingRuns(System.err, Accelerator.KVM, plan, results), load.name());
            } else {
                run(new Runs(System.err, kernel, results), plan, vm.name(), load.name());
            }
        }
    }

    @Command(name = "timer", mixinStandardHelpOptions = true, sortOptions = false, description = "Lateness of timers.")
    static final class Timer extends Measurement {
        @Override
        void run(final Runs runs, final Plan plan, final String where, final String what) throws Exception {
            runs.timer(plan, where, what);
        }

        @Override
        void runFreestanding(final FreestandingRuns runs, final String what) throws Exception {
            runs.timer(what);
        }
    }

    @Command(name = "rpc", mixinStandardHelpOptions = true, sortOptions = false, description = "Round trips of calls.")
    static final class Rpc extends Measurement {
        @Option(names = "--peers", description = "between two processes of this machine, without a VM: against gRPC, Netty, the JDK's Unix sockets and Aeron IPC;" +
            " six minutes, two with --quick")
        private boolean peers;

        @Override
        void checkArguments() {
            if (!peers) {
                super.checkArguments();
                return;
            }
            for (final String other : List.of("--vm", "--load", "--kernel")) {
                if (spec.commandLine().getParseResult().hasMatchedOption(other)) {
                    throw new CommandLine.ParameterException(spec.commandLine(), other + " is for calls from a guest: leave it out with --peers, which has none");
                }
            }
        }

        @Override
        void measure(final Results results) throws Exception {
            if (peers) {
                new PeerRuns(System.err, isQuick() ? PeerPlan.QUICK : PeerPlan.FULL, results).measure();
            } else {
                super.measure(results);
            }
        }

        @Override
        void run(final Runs runs, final Plan plan, final String where, final String what) throws Exception {
            runs.rpc(plan, where, what);
        }
    }

    @Command(name = "exit", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Time of hypercalls and of wakes, in a guest without an operating system.")
    static final class Exit extends ReportedRun {
        @Option(names = "--vm", defaultValue = "kvm", paramLabel = "kvm|tcg", description = "what executes the guest (default: ${DEFAULT-VALUE})")
        private Vm vm;

        @Override
        void checkArguments() {
            if (vm == Vm.none) {
                throw new CommandLine.ParameterException(spec.commandLine(), "--vm none: there is no exit without a VM; give kvm or tcg");
            }
        }

        @Override
        void measure(final Results results) throws Exception {
            new FreestandingRuns(System.err, vm == Vm.kvm ? Accelerator.KVM : Accelerator.TCG, isQuick() ? Plan.QUICK : Plan.FULL, results).exits();
        }
    }

    @Command(name = "idle", mixinStandardHelpOptions = true, description = "CPU time of a parked vCPU and of an idle agent, in a guest.")
    static final class Idle implements Callable<Integer> {
        @Option(names = "--json", paramLabel = "FILE", description = "write every row as JSON")
        private Path json;

        @Override
        public Integer call() throws Exception {
            final Results results = new Results();
            new Runs(System.err, "rt", results).idle();
            if (json != null) {
                Rows.write(json, results.rows());
            }
            return 0;
        }
    }

    @Command(name = "guest", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Programs that know nothing of VMRPC, in a guest, with and without it preloaded: cyclictest, a handler of SIGALRM, a video player.")
    static final class Guest extends ReportedRun {
        @Override
        void measure(final Results results) throws Exception {
            new GuestRuns(System.err, home(), isQuick() ? GuestPlan.QUICK : GuestPlan.FULL, results).programs();
        }
    }

    @Command(name = "net", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Sockets of the host against the guest's own over virtio-net, in a guest, towards a peer in a network of its own: UDP, TCP, streams.")
    static final class Net extends ReportedRun {
        @Option(names = "--vm", paramLabel = "tcg|none", defaultValue = "tcg", description = "none: what the agent adds to a plain socket of the host (default: ${DEFAULT-VALUE})")
        private Vm vm;

        @Option(names = "--kernel", paramLabel = "rt|cloud|FILE", defaultValue = "rt", description = "guest kernel, with --vm tcg (default: ${DEFAULT-VALUE})")
        private String kernel;

        /** For picocli. */
        Net() {
        }

        @Override
        void checkArguments() {
            if (vm == Vm.kvm) {
                throw new CommandLine.ParameterException(spec.commandLine(), "--vm kvm: its guest has no operating system and so no sockets to compare with; " +
                    "use --vm tcg or none");
            }
        }

        @Override
        void measure(final Results results) throws Exception {
            final NetRuns runs = new NetRuns(System.err, kernel, isQuick() ? NetPlan.QUICK : NetPlan.FULL, results);
            if (vm == Vm.none) {
                runs.loopback();
            } else {
                runs.guest();
            }
        }
    }

    @Command(name = "file", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Files of the host by the file service against 9p, in a guest: reads, writes, stat, open, list.")
    static final class File extends ReportedRun {
        @Option(names = "--kernel", paramLabel = "rt|cloud|FILE", defaultValue = "rt", description = "guest kernel (default: ${DEFAULT-VALUE})")
        private String kernel;

        /** For picocli. */
        File() {
        }

        @Override
        void measure(final Results results) throws Exception {
            new FileRuns(System.err, kernel, isQuick() ? FilePlan.QUICK : FilePlan.FULL, results).guest();
        }
    }

    @Command(name = "density", mixinStandardHelpOptions = true, sortOptions = false,
        description = "How many control loops with a timer and a packet every 10 ms this machine bears: freestanding guests in QEMU, loopback sessions, " +
            "conventional threads; at most ten minutes, two with --quick.")
    static final class Density extends ReportedRun {
        @Option(names = "--vm", paramLabel = "tcg|kvm", defaultValue = "tcg", description = "what executes the freestanding guests; kvm only where the hardware does, " +
            "not where KVM interprets (default: ${DEFAULT-VALUE})")
        private Vm vm;

        /** For picocli. */
        Density() {
        }

        @Override
        void checkArguments() {
            if (vm == Vm.none) {
                throw new CommandLine.ParameterException(spec.commandLine(), "--vm none: sessions without a VM are measured anyway; give tcg or kvm");
            }
        }

        @Override
        void measure(final Results results) throws Exception {
            new DensityRuns(System.err, vm == Vm.kvm ? Accelerator.KVM : Accelerator.TCG, isQuick() ? DensityPlan.QUICK : DensityPlan.FULL, results).measure();
        }
    }

    @Command(name = "alternatives", mixinStandardHelpOptions = true, sortOptions = false,
        description = "The same control loop by VM long polling, by a container on the host, by conventional, tuned and polling guests: latency and CPU time.")
    static final class Alternatives extends ReportedRun {
        @Override
        void measure(final Results results) throws Exception {
            new AlternativeRuns(System.err, isQuick() ? AlternativePlan.QUICK : AlternativePlan.FULL, results).measure();
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
