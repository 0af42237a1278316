package io.vmrpc.cli;

import io.vmrpc.bench.run.Plan;
import io.vmrpc.bench.run.Results;
import io.vmrpc.bench.run.Runs;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./vmrpc demo}: the effect, measured in a real guest. */
@Command(name = "demo", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Boots a real guest and compares its own timers and TCP with VM long polling, idle and loaded.")
final class DemoCommand extends ReportedRun {
    @Option(names = "--kernel", paramLabel = "rt|cloud|FILE", defaultValue = "rt", description = "guest kernel (default: ${DEFAULT-VALUE})")
    private String kernel;

    /** For picocli. */
    DemoCommand() {
    }

    @Override
    void measure(final Results results) throws Exception {
        new Runs(System.err, kernel, results).demo(isQuick() ? Plan.QUICK : Plan.FULL);
    }

    @Override
    Path usualPage() {
        return Path.of("vmrpc-demo.html");
    }
}
