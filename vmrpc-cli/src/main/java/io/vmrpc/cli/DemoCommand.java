package io.vmrpc.cli;

import io.vmrpc.bench.run.Plan;
import io.vmrpc.bench.run.Runs;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./vmrpc demo}: the effect, measured in a real guest. */
@Command(name = "demo", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Boots a real guest and compares its own timers and TCP with VM long polling, idle and loaded.")
final class DemoCommand implements Callable<Integer> {
    @Mixin
    private Reporting reporting;

    @Option(names = "--kernel", paramLabel = "rt|cloud|FILE", defaultValue = "rt", description = "guest kernel (default: ${DEFAULT-VALUE})")
    private String kernel;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** For picocli. */
    DemoCommand() {
    }

    @Override
    public Integer call() throws Exception {
        reporting.check(spec.commandLine());
        final Runs runs = new Runs(System.err, kernel);
        final Path page = reporting.html() == null ? Path.of("vmrpc-demo.html") : reporting.html();
        reporting.write(runs.demo(reporting.isQuick() ? Plan.QUICK : Plan.FULL), page);
        return 0;
    }
}
