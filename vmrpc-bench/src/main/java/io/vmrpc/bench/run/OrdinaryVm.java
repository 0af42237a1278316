package io.vmrpc.bench.run;

import io.vmrpc.vm.Accelerator;
import io.vmrpc.vm.GuestShell;
import io.vmrpc.vm.TapAddresses;
import io.vmrpc.vm.VmConfig;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A Linux guest that knows nothing of VMRPC: one vCPU, no region, scheduled by the host as it likes; its network is a tap device of its
 * own.
 */
final class OrdinaryVm implements AutoCloseable {
    private static final Duration BOOT = Duration.ofMinutes(3);
    private static final Duration COMMAND = Duration.ofMinutes(2);
    private final GuestShell shell;
    private final TapAddresses tap;

    OrdinaryVm(final Path home, final String kernel, final int megabytes, final PrintStream log) throws IOException, InterruptedException {
        shell = GuestShell.start(VmConfig.builder().cpus(1).rtCpu(-1).kernel(kernel).memory(megabytes + "M").network(VmConfig.Network.TAP)
            .accelerator(Accelerator.TCG).share(home).bootTimeout(BOOT), line -> log.println("guest: " + line));
        tap = shell.machine().tap().orElseThrow();
    }

    TapAddresses tap() {
        return tap;
    }

    /** As one of several that measure at once: a program with a command line of its own. */
    Competitor running(final CommandLine command) {
        return new Competitor() {
            @Override
            public String host() {
                return tap.host();
            }

            @Override
            public long pid() {
                return shell.machine().pid();
            }

            @Override
            public String run(final String join) throws IOException, InterruptedException {
                return shell.output(command.joining(join), COMMAND);
            }
        };
    }

    /** A command of which the window is not known yet. */
    interface CommandLine {
        String joining(String join);
    }

    @Override
    public void close() {
        shell.close();
    }
}
