package io.vmrpc.bench.run;

import io.vmrpc.natives.CpuSet;
import io.vmrpc.vm.PeerNetwork;
import io.vmrpc.vm.TapAddresses;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.CloseHelper;

/**
 * The instrument: vmrpc-probe at the far end of a cable, in a network namespace in which the kernel has no address, so that DPDK's driver alone answers there. It polls
 * while an answer is due, on a CPU of its own; whatever of the measured is real-time, and the host's work for what arrives, is on another one. What the probe leaves of
 * its CPU QEMU's ordinary threads may use: a guest whose two vCPUs share one CPU stands still when the real-time one waits for the ordinary one.
 */
final class Probe implements AutoCloseable {
    /** The probe's; everything else that counts is on {@link Scheduling#REAL_TIME_CPU}. */
    static final int CPU = Scheduling.REAL_TIME_CPU - 1;
    private static final int PORT = 7000;
    private static final String PROGRAM = "vmrpc-probe";
    /** A longer pause of the probe and it says of what came meanwhile that it did not see it. */
    private static final long BLIND_NS = 100_000;
    private final Path program;
    private final PeerNetwork network;

    Probe(final Path programs) throws IOException, InterruptedException {
        if (CPU < 0) {
            throw new IOException("the probe takes one CPU and what it measures needs another: this machine has one");
        }
        program = programs.resolve(PROGRAM);
        if (!Files.isExecutable(program)) {
            throw new IOException(program + " is missing: as root run scripts/setup outside, which fetches DPDK, then make -C native probe");
        }
        network = PeerNetwork.create();
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
        try {
            Instruments.run(network.command(List.of("ip", "addr", "flush", "dev", "eth0")));
            receiveOn(network.device());
        } catch (final IOException | InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** The host's end of the cable. */
    String host() {
        return network.host();
    }

    /** The probe's address. */
    String address() {
        return network.peer();
    }

    /** Lets it reach a guest's own network. */
    void reach(final TapAddresses tap) throws IOException {
        network.forward(tap);
        receiveOn(tap.device());
    }

    /** Receive packet steering (Documentation/networking/scaling.rst): else the host's IP layer would run on the CPU of who sends, which is the probe's. */
    private static void receiveOn(final String device) throws IOException {
        final Path mask = Path.of("/sys/class/net", device, "queues/rx-0/rps_cpus");
        try {
            Files.writeString(mask, mask(Scheduling.REAL_TIME_CPU));
        } catch (final IOException e) {
            throw new IOException("cannot write " + mask + " (" + e.getMessage() + "): the host's receive work must be on CPU " + Scheduling.REAL_TIME_CPU
                + ", not on the probe's; this needs a writable /sys and a kernel with CONFIG_RPS", e);
        }
    }

    /** As the kernel reads it: words of 32 bits, hexadecimal. */
    static String mask(final int cpu) {
        final StringBuilder mask = new StringBuilder(BigInteger.ONE.shiftLeft(cpu).toString(16));
        for (int i = mask.length() - 8; i > 0; i -= 8) {
            mask.insert(i, ',');
        }
        return mask.toString();
    }

    /** Sends messages and waits for their answers. */
    ProbeOutput run(final String target, final int port, final int messages, final boolean endsServer) throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>(List.of("taskset", "-c", Integer.toString(CPU), "nice", "-n", "-20", program.toString(),
            "--no-huge", "--no-shconf", "--no-pci", "--no-telemetry", "--log-level", "error", "-m", "32", "-l", Integer.toString(CPU), "--vdev=net_af_packet0,iface=eth0", "--",
            "--from", network.peer() + ":" + PORT, "--to", target + ":" + port, "--via", network.host(), "--count", Integer.toString(messages + ProbePlan.SKIPPED),
            "--skip", Integer.toString(ProbePlan.SKIPPED), "--interval-us", Long.toString(ProbePlan.INTERVAL_NS / 1_000), "--payload", Integer.toString(ProbePlan.PAYLOAD),
            "--late-us", Long.toString(ProbePlan.LATE_NS / 1_000), "--blind-us", Long.toString(BLIND_NS / 1_000),
            "--patience-ms", Long.toString(ProbePlan.PATIENCE_NS / 1_000_000), "--share"));
        command.addAll(endsServer ? List.of("--end") : List.of());
        return ProbeOutput.parse(Instruments.run(network.command(command)));
    }

    /** What is said of it beside the figures. */
    static String cpus() {
        return "probe " + CpuSet.of(CPU) + ", measured " + CpuSet.of(Scheduling.REAL_TIME_CPU) + ", QEMU's ordinary threads any";
    }

    @Override
    public void close() {
        CloseHelper.quietClose(network); // what stays behind the next run removes
    }
}
