package io.vmrpc.doctor;

import io.vmrpc.natives.CpuSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./vmrpc doctor}: what spoils real-time behaviour on this host or in this guest, and what to do. Changes nothing. */
@Command(name = "doctor", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Says what spoils real-time behaviour on this host or in this guest, with the remedy. Changes nothing.",
        footerHeading = "%n", footer = "The exit status is 0 without a problem, 1 with one, 2 for wrong usage. Run it as root: what it cannot read it warns of.")
public final class DoctorCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @ArgGroup private @Nullable Side side;

    @Option(names = "--region", paramLabel = "FILE", description = "region to look at, and on a host the QEMU that has it (default: the guest's device; on a host all of running QEMUs)")
    private @Nullable Path region;

    @Option(names = "--cpus", paramLabel = "LIST", description = "this machine's real-time CPUs (default: the isolated ones, or those of the vCPU's thread)")
    private @Nullable String cpus;

    @Option(names = "--qmp", paramLabel = "SOCKET", description = "on a host: monitor of the VM to look at (default: every QEMU that runs)")
    private @Nullable Path qmp;

    @Option(names = "--vcpu", paramLabel = "N", description = "the VM's real-time vCPU; needs --qmp")
    private @Nullable Integer vcpu;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    /** Of the two at most one. */
    static final class Side {
        @Option(names = "--host", description = "look at this machine as a host (default: a guest if it has an ivshmem device with a region)")
        private boolean host;

        @Option(names = "--guest", description = "look at this machine as a guest")
        private boolean guest;
    }

    /** For picocli. */
    public DoctorCommand() {}

    @Override
    public Integer call() {
        KernelTree tree = new KernelTree(Path.of("/"));
        Report report = Report.of(new Machine(tree, Programs.REAL, target(tree)));
        if (json) {
            System.out.println(JsonReport.of(report));
        } else {
            TerminalReport.print(report, System.out, Ansi.AUTO);
        }
        return report.level() == Level.PROBLEM ? 1 : 0;
    }

    private Machine.Target target(KernelTree tree) {
        Role role = side == null ? null : side.host ? Role.HOST : Role.GUEST;
        if (qmp != null && role == Role.GUEST) {
            throw new ParameterException(spec.commandLine(), "--qmp looks at a VM from its host: leave out --guest");
        }
        if (vcpu != null && (qmp == null || vcpu < 0)) {
            throw new ParameterException(spec.commandLine(), "--vcpu " + vcpu + ": give a number from 0 on, together with --qmp SOCKET");
        }
        try {
            return new Machine.Target(qmp == null ? role : Role.HOST, region, cpus == null ? null : list(cpus, tree), qmp == null ? null : Monitor.ask(qmp, tree),
                vcpu == null ? -1 : vcpu);
        } catch (IllegalArgumentException | IOException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }

    private static CpuSet list(String text, KernelTree tree) {
        CpuSet list;
        try {
            list = CpuSet.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--cpus: " + e.getMessage(), e);
        }
        if (list.isEmpty()) {
            throw new IllegalArgumentException("--cpus names no CPU: give numbers and ranges like 0-2,5");
        }
        Reading present = tree.read("sys/devices/system/cpu/present");
        if (present.isKnown() && !CpuSet.parseOrEmpty(present.text()).contains(list)) {
            throw new IllegalArgumentException("--cpus " + text + ": this machine has CPUs " + present.text());
        }
        return list;
    }
}
