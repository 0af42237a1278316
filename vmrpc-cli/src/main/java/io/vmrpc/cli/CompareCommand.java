package io.vmrpc.cli;

import io.vmrpc.bench.compare.Change.Verdict;
import io.vmrpc.bench.compare.ComparisonText;
import io.vmrpc.bench.compare.RunComparison;
import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ./vmrpc bench compare}: for a script, the status tells. */
@Command(name = "compare", mixinStandardHelpOptions = true, sortOptions = false, exitCodeListHeading = "Exit status:%n",
    exitCodeList = {"0:nothing became slower beyond the noise", "1:something became slower",
        "2:wrong usage, or the files have no measurement in common"},
    description = "Compares two runs of the same bench, by the files that --json wrote: what became slower or faster beyond the noise.")
final class CompareCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Parameters(index = "0", paramLabel = "OLD.json", description = "the run that is compared with")
    private Path before;

    @Parameters(index = "1", paramLabel = "NEW.json", description = "the run that is judged")
    private Path after;

    /** For picocli. */
    CompareCommand() {
    }

    @Override
    public Integer call() {
        final RunComparison comparison = RunComparison.of(read(before), read(after));
        if (comparison.isEmpty()) {
            throw refusal(before + " and " + after + " have no measurement in common: the benches of the one are "
                + comparison.benchesBefore() + ", of the other " +
                comparison.benchesAfter() + "; give two runs of one bench with the same options");
        }
        spec.commandLine().getOut().print(ComparisonText.of(comparison));
        spec.commandLine().getOut().flush();
        return comparison.changes(Verdict.SLOWER).isEmpty() ? CommandLine.ExitCode.OK : 1;
    }

    private List<Row> read(final Path file) {
        if (!Files.isReadable(file)) {
            throw refusal(file + " cannot be read: give a file that --json wrote");
        }
        try {
            return Rows.read(file);
        } catch (final IOException e) {
            throw refusal(e.getMessage().lines().findFirst().orElse(file + " cannot be read"));
        }
    }

    private CommandLine.ParameterException refusal(final String words) {
        return new CommandLine.ParameterException(spec.commandLine(), words);
    }
}
