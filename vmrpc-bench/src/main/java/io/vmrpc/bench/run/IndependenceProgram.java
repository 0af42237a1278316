package io.vmrpc.bench.run;

import io.vmrpc.bench.report.IndependenceVariants;
import java.io.IOException;
import java.nio.file.Path;

/** The programs that VMs run at once, each with its command and with how its value is read. */
enum IndependenceProgram {
    MIX(IndependenceVariants.CPU, IndependenceVariants.MIX, "vmrpc-mix %1$s", ProgramOutput::rate, true),
    SYSBENCH(IndependenceVariants.CPU, IndependenceVariants.SYSBENCH, "vmrpc-at %1$s sysbench cpu --cpu-max-prime=1000 --threads=1 "
            + "--time=%2$d run",
        ProgramOutput::sysbench, false),
    STRESS(IndependenceVariants.CPU, IndependenceVariants.STRESS,
        "vmrpc-at %1$s stress-ng --temp-path /tmp --cpu 1 --cpu-method gcd --timeout %2$d --metrics-brief", ProgramOutput::stress, false),
    STRIDE(IndependenceVariants.MEMORY, IndependenceVariants.STRIDE, "vmrpc-stride %1$s %3$d %7$s", ProgramOutput::each, true),
    TRANSACTIONS(IndependenceVariants.NETWORK, IndependenceVariants.TRANSACTIONS, "vmrpc-transactions %1$s %4$s %5$d", ProgramOutput::rate,
        true),
    SOCKPERF(IndependenceVariants.NETWORK, IndependenceVariants.SOCKPERF,
        "vmrpc-at %1$s sockperf ping-pong --tcp --ip %4$s --port %6$d --msg-size 14 --time %2$d", ProgramOutput::sockperf, false);

    private final String bench;
    private final String title;
    private final String command;
    private final Reader reader;
    private final boolean isOurs;

    IndependenceProgram(final String bench, final String title, final String command, final Reader reader, final boolean isOurs) {
        this.bench = bench;
        this.title = title;
        this.command = command;
        this.reader = reader;
        this.isOurs = isOurs;
    }

    private interface Reader {
        double value(ProgramOutput output) throws IOException;
    }

    String bench() {
        return bench;
    }

    /** As rows name it. */
    String title() {
        return title;
    }

    /**
     * Whether it measures from the window's begin to its end exactly; foreign ones start at its begin, and begin to measure when they like.
     */
    boolean isOurs() {
        return isOurs;
    }

    /** Whether a process of the host can run it as well, for comparison: it needs no peer behind a VM's network. */
    boolean isForHost() {
        return isOurs && this != TRANSACTIONS;
    }

    /**
     * The command line, in a guest as on the host.
     *
     * @param region a file for the region that stays from one window to the next, or empty.
     */
    String command(final Path programs, final String join, final double seconds, final int megabytes, final String peer, final int port,
        final int sockperfPort,
        final String region) {
        return programs + "/" + String.format(command, join, Math.max(1, Math.round(seconds)), megabytes, peer, port, sockperfPort, region);
    }

    /** In the unit of its bench. */
    double value(final ProgramOutput output) throws IOException {
        return reader.value(output);
    }
}
