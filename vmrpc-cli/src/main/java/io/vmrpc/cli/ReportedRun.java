package io.vmrpc.cli;

import io.vmrpc.bench.report.Row;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** A command that measures and reports: what cannot be is refused before anything is measured. */
abstract class ReportedRun implements Callable<Integer> {
    @Mixin
    private Reporting reporting;

    @CommandLine.Spec
    CommandLine.Model.CommandSpec spec;

    /** Refuses options that do not go together. */
    void checkArguments() {
    }

    /** Measures. */
    abstract List<Row> rows() throws Exception;

    boolean isQuick() {
        return reporting.isQuick();
    }

    /** Where the page goes if the user does not say; null for no page. */
    Path usualPage() {
        return null;
    }

    @Override
    public final Integer call() throws Exception {
        checkArguments();
        reporting.check(spec.commandLine());
        reporting.write(rows(), reporting.html() == null ? usualPage() : reporting.html());
        return 0;
    }
}
