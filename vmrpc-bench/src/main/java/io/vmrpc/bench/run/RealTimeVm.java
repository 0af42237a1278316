package io.vmrpc.bench.run;

import io.vmrpc.bench.report.Variants;
import io.vmrpc.vm.VmConfig;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;

/**
 * A VM with a real-time vCPU, and the control loop on it. The vCPU's thread is SCHED_FIFO and has one CPU of the host to run on, which it
 * shares with the ordinary VMs. With VM long polling all other threads of the VM are as QEMU starts them. Without, they have a real-time
 * priority too: a conventional VM is less late that way than in any other scheduling.
 */
final class RealTimeVm implements AutoCloseable {
    static final long PERIOD_NS = 10_000_000;
    private static final String SAMPLES = "/tmp/control-loop";
    private static final String MEMORY = "512M";
    private final Agents agents;
    private final GuestSide side;

    RealTimeVm(final Path home, final PrintStream log) throws IOException, InterruptedException {
        agents = new Agents(false);
        try {
            agents.blocking();
            side = new GuestSide(home, agents.region(), log, config -> config.memory(MEMORY).network(VmConfig.Network.TAP)
                .progress(line -> { }));
        } catch (final IOException | InterruptedException | RuntimeException e) {
            agents.close();
            throw e;
        }
    }

    /** Makes the VM park its real-time vCPU, or a conventional one of it; takes a moment where it changes. */
    void become(final boolean isParked) throws IOException, InterruptedException {
        Scheduling.apply(Variants.VCPU_FIFO, side.threads());
        side.serve(isParked);
        if (!isParked) {
            Scheduling.apply(Variants.ALL_FIFO, side.threads());
        }
    }

    /** The control loop, by VM long polling or by the guest's own timer. */
    Competitor controlLoop(final boolean isParked) {
        return new Competitor() {
            @Override
            public String host() {
                return side.machine().tap().orElseThrow().host();
            }

            @Override
            public long pid() {
                return side.machine().pid();
            }

            @Override
            public String run(final String join) throws IOException, InterruptedException {
                return side.run((isParked ? side.program("vmrpc-run") + " --direct -- " : "") + String.join(" ",
                    side.program("vmrpc-control-loop"), join,
                    Integer.toString(VmSide.RT_CPU), Integer.toString(Scheduling.PRIORITY), Long.toString(PERIOD_NS / 1_000), SAMPLES), 0);
            }
        };
    }

    /** How late the loop woke in the last window, ns. */
    Histogram lateness() throws IOException, InterruptedException {
        return Instruments.samples(side.read(SAMPLES));
    }

    @Override
    public void close() {
        side.close();
        agents.close();
    }
}
