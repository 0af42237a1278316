package io.vmrpc.cli;

import io.vmrpc.bench.run.ProbePlan;
import io.vmrpc.bench.run.ProbeRuns;
import io.vmrpc.bench.run.Results;
import picocli.CommandLine.Command;

/** {@code ./vmrpc bench outside}. */
@Command(name = "outside", mixinStandardHelpOptions = true, sortOptions = false,
    description = "How fast datagrams are answered, measured by a probe outside of host and guest (DPDK): sockets of the host against the guest's own.")
final class BenchOutside extends ReportedRun {
    /** For picocli. */
    BenchOutside() {
    }

    @Override
    void measure(final Results results) throws Exception {
        new ProbeRuns(System.err, home(), isQuick() ? ProbePlan.QUICK : ProbePlan.FULL, results).measure();
    }
}
