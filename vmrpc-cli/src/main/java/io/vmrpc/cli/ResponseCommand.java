package io.vmrpc.cli;

import io.vmrpc.bench.run.ResponsePlan;
import io.vmrpc.bench.run.ResponseRuns;
import io.vmrpc.bench.run.Results;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./vmrpc bench response}. */
@Command(name = "response", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Timer and network response as in the published test: a handler every 10 ms and 1 ms, packets and their acknowledgements on 20 sockets; idle, loaded,"
        + " loaded with packets from a peer; and a time line of changing loads.")
final class ResponseCommand extends ReportedRun {
    @Option(names = "--kernel", paramLabel = "rt|cloud|FILE", defaultValue = "rt", description = "guest kernel (default: ${DEFAULT-VALUE})")
    private String kernel;

    /** For picocli. */
    ResponseCommand() {
    }

    @Override
    void measure(final Results results) throws Exception {
        new ResponseRuns(System.err, home(), kernel, isQuick() ? ResponsePlan.QUICK : ResponsePlan.FULL, results).measure();
    }
}
