package io.vmrpc.cli;

import io.vmrpc.host.qmp.QmpClient;
import io.vmrpc.host.vcpu.VcpuControl;
import io.vmrpc.host.vcpu.VcpuControlContext;
import io.vmrpc.host.vcpu.VcpuControlException;
import io.vmrpc.host.vcpu.VcpuThread;
import io.vmrpc.natives.CpuSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./vmrpc vcpu}: real-time scheduling of one vCPU's thread for as long as this process and QEMU run. */
@Command(name = "vcpu", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Gives one vCPU's thread of a running QEMU real-time scheduling until SIGTERM, SIGINT or QEMU's end, then undoes it.")
final class VcpuCommand implements Callable<Integer> {
    private static final Duration QMP_TIMEOUT = Duration.ofSeconds(5);

    /** What {@code --cgroup} takes. */
    enum Groups {
        auto, none
    }

    @Option(names = "--qmp", required = true, paramLabel = "SOCKET", description = "QEMU's monitor (-qmp unix:SOCKET,server=on,wait=off); needed for a moment only")
    private Path qmp;

    @Option(names = "--vcpu", required = true, paramLabel = "N", description = "index of the vCPU, from 0")
    private int vcpu;

    @Option(names = "--priority", defaultValue = "80", description = "SCHED_FIFO priority, 1 to 99 (default: ${DEFAULT-VALUE})")
    private int priority;

    @Option(names = "--cpus", paramLabel = "LIST", description = "host CPUs of the thread, for example 3 or 2-3 (default: as they are)")
    private String cpus;

    @Option(names = "--isolate", description = "take those CPUs from everybody else: an isolated partition of cgroup v2")
    private boolean isolate;

    @Option(names = "--lock-memory", description = "insist that QEMU's memory is locked (-overcommit mem-lock=on) or at least not swapped")
    private boolean lockMemory;

    @Option(names = "--cgroup", defaultValue = "auto", paramLabel = "auto|none", description = "auto: a cgroup for the thread where it is of use (default: ${DEFAULT-VALUE})")
    private Groups groups;

    @Option(names = "--rt-runtime", paramLabel = "US", description = "real time of that group in each second, where the kernel asks for it (default: what is left, at most 950000)")
    private Integer rtRuntime;

    @Option(names = "--share", defaultValue = "95", paramLabel = "PERCENT|none", description = "how much of a CPU the thread may have if its guest never stops computing; none: no guard, the kernel's own protection is all there is (default: ${DEFAULT-VALUE})")
    private String share;

    @Option(names = "--wait", paramLabel = "SECONDS", defaultValue = "0", description = "how long to wait for QEMU's socket to appear (default: ${DEFAULT-VALUE})")
    private int wait;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** For picocli. */
    VcpuCommand() {
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        final VcpuControlContext context = context();
        awaitSocket();
        final VcpuThread thread;
        try (QmpClient client = QmpClient.connect(qmp, QMP_TIMEOUT)) {
            thread = VcpuThread.find(client, vcpu);
        }
        // registered before anything is changed: a signal between the two would find nobody to say whether all was undone
        final ControlEnd end = new ControlEnd();
        Runtime.getRuntime().addShutdownHook(new Thread(end::bySignal, "vmrpc-vcpu-end"));
        final VcpuControl control = VcpuControl.apply(thread, context);
        end.control(control);
        say("vCPU " + vcpu + " is thread " + thread.tid() + " of QEMU " + thread.pid());
        control.facts().forEach(VcpuCommand::say);
        say("holding this until SIGTERM, SIGINT or QEMU's end");
        try {
            control.awaitEnd();
        } catch (final VcpuControlException e) {
            end.byItself();
            throw e;
        }
        say("vCPU " + vcpu + " has ended");
        return end.byItself();
    }

    static void say(final String line) {
        System.err.println("vmrpc: " + line);
    }

    private VcpuControlContext context() {
        try {
            final VcpuControlContext context = new VcpuControlContext().priority(priority).isolated(isolate).lockMemory(lockMemory).groups(groups == Groups.auto);
            context.listener(VcpuCommand::say);
            if (share.equals("none")) {
                context.withoutShare();
            } else {
                context.share(percent());
            }
            if (cpus != null) {
                context.cpus(CpuSet.parse(cpus));
            }
            if (rtRuntime != null) {
                context.rtRuntimeUs(rtRuntime);
            }
            if (isolate && (cpus == null || groups == Groups.none)) {
                throw new IllegalArgumentException("--isolate needs --cpus and --cgroup auto: a partition is a cgroup with CPUs");
            }
            if (vcpu < 0 || wait < 0) {
                throw new IllegalArgumentException(vcpu < 0 ? "--vcpu " + vcpu + ": give 0 or more" : "--wait " + wait + ": give seconds, 0 or more");
            }
            if (priority == 99 && !share.equals("none")) {
                throw new IllegalArgumentException("--priority 99 leaves none for the guard: give 98 or less, or --share none");
            }
            return context;
        } catch (final IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), inOptions(e.getMessage()));
        }
    }

    private int percent() {
        try {
            return Integer.parseInt(share);
        } catch (final NumberFormatException e) {
            throw new IllegalArgumentException("--share " + share + ": give 10 to 95, or none", e);
        }
    }

    /** The library names its parameters, the command line its options. */
    private static String inOptions(final String message) {
        return message.replaceFirst("^priority=", "--priority ").replaceFirst("^cpus=", "--cpus").replaceFirst("^'", "--cpus '")
            .replaceFirst("^rtRuntimeUs=", "--rt-runtime ").replaceFirst("^share=", "--share ");
    }

    private void awaitSocket() throws InterruptedException {
        final long start = System.nanoTime();
        while (!Files.exists(qmp) && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(wait)) {
            Thread.sleep(50);
        }
    }
}
