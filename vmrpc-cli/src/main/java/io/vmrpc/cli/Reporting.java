package io.vmrpc.cli;

import io.vmrpc.bench.report.Depth;
import io.vmrpc.bench.report.Disturbances;
import io.vmrpc.bench.report.HistogramLog;
import io.vmrpc.bench.report.HtmlReport;
import io.vmrpc.bench.report.PeerLines;
import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Rows;
import io.vmrpc.bench.report.RowsCsv;
import io.vmrpc.bench.report.Summary;
import io.vmrpc.bench.report.TerminalTable;
import io.vmrpc.bench.run.RunCircumstances;
import io.vmrpc.bench.run.Runs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Where results go: options that the demo and every bench share. */
final class Reporting {
    @Option(names = "--json", paramLabel = "FILE", description = "write every row as JSON")
    private Path json;

    @Option(names = "--html", paramLabel = "FILE", description = "write the report page")
    private Path html;

    @Option(names = "--csv", paramLabel = "FILE", description = "write every row as CSV")
    private Path csv;

    @Option(names = "--hlog", paramLabel = "FILE|FOLDER", description = "write the whole distributions as a log of HdrHistogram")
    private Path hlog;

    @Option(names = "--quick", description = "fewer samples: three or four minutes, judged up to p99")
    private boolean quick;

    /** For picocli. */
    Reporting() {
    }

    boolean isQuick() {
        return quick;
    }

    Path html() {
        return html;
    }

    /** Before anything is measured: results that cannot be written are lost. */
    void check(final CommandLine command) {
        check(command, "--json", json);
        check(command, "--html", html);
        check(command, "--csv", csv);
        if (hlog == null || !Files.isDirectory(hlog) || !Files.isWritable(hlog)) {
            check(command, "--hlog", hlog);
        }
    }

    private static void check(final CommandLine command, final String option, final Path file) {
        final Path folder = file == null ? null : file.toAbsolutePath().getParent();
        if (file != null && (folder == null || Files.isDirectory(file) || !Files.isWritable(Files.exists(file) ? file : folder))) {
            throw new CommandLine.ParameterException(command, option + " " + file + " cannot be written: name a file in a folder that "
                + "exists and is yours");
        }
    }

    void write(final List<Row> measured, final Path page, final RunCircumstances circumstances) throws IOException {
        final List<Row> rows = Disturbances.marked(measured);
        final Summary summary = Summary.of(rows, quick ? Depth.QUICK : Depth.FULL);
        if (json != null) {
            Rows.write(json, rows);
        }
        if (csv != null) {
            RowsCsv.write(csv, rows);
        }
        if (hlog != null) {
            HistogramLog.write(hlog, rows);
        }
        if (page != null) {
            HtmlReport.write(page, summary, circumstances.describe(), Runs.method(rows));
        }
        TerminalTable.print(summary, System.out);
        rows.stream().filter(row -> row.variant().equals("vmrpc-pipelined")).forEach(row -> System.out.printf(Locale.ROOT,
            "Pipelined on one channel: %d ns a request at the median, %.1f million requests a second (promised: at least 5).%n",
            row.figures().p50(), 1e3 / row.figures().mean()));
        System.out.print(PeerLines.idle(rows));
        if (page != null) {
            System.out.println("Report: " + page.toAbsolutePath());
        }
    }
}
