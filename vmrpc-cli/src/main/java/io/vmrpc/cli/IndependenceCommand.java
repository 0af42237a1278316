package io.vmrpc.cli;

import io.vmrpc.bench.run.IndependencePlan;
import io.vmrpc.bench.run.IndependenceRuns;
import io.vmrpc.bench.run.Results;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./vmrpc bench independence}. */
@Command(name = "independence", mixinStandardHelpOptions = true, sortOptions = false,
    description = "CPU, memory and network of one, two and three ordinary VMs at once, and of three beside a real-time VM; a quarter of "
        + "an hour, two and a half minutes with --quick.")
final class IndependenceCommand extends ReportedRun {
    @Option(names = "--kernel", paramLabel = "rt|cloud|FILE", defaultValue = "rt", description = "kernel of the ordinary guests (default: "
        + "${DEFAULT-VALUE})")
    private String kernel;

    /** For picocli. */
    IndependenceCommand() {
    }

    @Override
    void measure(final Results results) throws Exception {
        new IndependenceRuns(System.err, home(), kernel, isQuick() ? IndependencePlan.QUICK : IndependencePlan.FULL, results).measure();
    }
}
