package io.vmrpc.cli;

import io.vmrpc.bench.run.Results;
import io.vmrpc.bench.run.RunCircumstances;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** A command that measures and reports: what cannot be is refused before anything is measured. */
abstract class ReportedRun implements Callable<Integer> {
    @Mixin
    private Reporting reporting;
    private RunCircumstances circumstances;

    @CommandLine.Spec
    CommandLine.Model.CommandSpec spec;

    /** Refuses options that do not go together. */
    void checkArguments() {
    }

    /** Measures; each row is kept as soon as it is whole. */
    abstract void measure(Results results) throws Exception;

    boolean isQuick() {
        return reporting.isQuick();
    }

    /** The repository, with its built native programs. */
    static Path home() {
        return Path.of(System.getProperty("vmrpc.home", "."));
    }

    /** Where the page goes if the user does not say; null for no page. */
    Path usualPage() {
        return null;
    }

    @Override
    public final Integer call() throws Exception {
        checkArguments();
        reporting.check(spec.commandLine());
        final Results results = new Results();
        circumstances = RunCircumstances.now(command());
        final AtomicBoolean isReported = new AtomicBoolean();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> reportPart(results, isReported, "interrupted"), "report-of-a-part"));
        try {
            measure(results);
        } catch (final Exception | Error e) {
            reportPart(results, isReported, "failed");
            throw e;
        }
        if (isReported.compareAndSet(false, true)) {
            report(results);
        }
        return 0;
    }

    /** What a run has measured stays, however it ends; whoever comes first reports. */
    private void reportPart(final Results results, final AtomicBoolean isReported, final String how) {
        if (!results.rows().isEmpty() && isReported.compareAndSet(false, true)) {
            System.err.println("vmrpc: the run was " + how + "; the " + results.rows().size() + " rows that it has are reported");
            try {
                report(results);
            } catch (final IOException e) {
                System.err.println("vmrpc: they cannot be written: " + e.getMessage());
            }
        }
    }

    private void report(final Results results) throws IOException {
        reporting.write(results.rows(), reporting.html() == null ? usualPage() : reporting.html(), circumstances);
    }

    /** As the user typed it, and can repeat it. */
    private String command() {
        CommandLine root = spec.commandLine();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        final String name = root.getCommandName();
        return (name.equals("vmrpc") ? "./vmrpc" : "./vmrpc " + name) + " " + String.join(" ", root.getParseResult().originalArgs());
    }
}
