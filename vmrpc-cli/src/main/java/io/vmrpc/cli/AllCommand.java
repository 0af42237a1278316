package io.vmrpc.cli;

import io.vmrpc.bench.run.EvaluationRuns;
import io.vmrpc.bench.run.Results;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./vmrpc bench all}: the evaluation. */
@Command(name = "all", mixinStandardHelpOptions = true, sortOptions = false,
    description = {"The whole evaluation: response, independence, outside, density, alternatives, each as by its own command, with control measurements between them.",
        "Writes vmrpc-evaluation.html if --html names no other page. What is measured stays if the run is interrupted or a part fails."})
final class AllCommand extends ReportedRun {
    @Option(names = "--kernel", paramLabel = "rt|cloud|FILE", defaultValue = "rt", description = "guest kernel (default: ${DEFAULT-VALUE})")
    private String kernel;

    /** For picocli. */
    AllCommand() {
    }

    @Override
    void measure(final Results results) throws Exception {
        final List<String> failed = new EvaluationRuns(System.err, home(), kernel, isQuick(), results).measure();
        if (!failed.isEmpty()) {
            throw new IOException(String.join("; ", failed));
        }
    }

    @Override
    Path usualPage() {
        return Path.of("vmrpc-evaluation.html");
    }
}
