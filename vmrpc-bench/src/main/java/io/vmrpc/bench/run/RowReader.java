package io.vmrpc.bench.run;

import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.RowLine;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Queue;

/** Takes a worker's output: rows go to a queue, everything else to a log. */
final class RowReader extends OutputStream {
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final Queue<Row> rows;
    private final PrintStream other;

    RowReader(final Queue<Row> rows, final PrintStream other) {
        this.rows = rows;
        this.other = other;
    }

    @Override
    public synchronized void write(final int b) {
        if (b != '\n') {
            line.write(b);
            return;
        }
        final String text = line.toString(StandardCharsets.UTF_8).strip();
        line.reset();
        if (RowLine.isRow(text)) {
            rows.add(RowLine.decode(text));
        } else if (!text.isEmpty()) {
            other.println(text);
        }
    }
}
