package io.vmrpc.bench.run;

import io.vmrpc.bench.report.Row;
import java.util.ArrayList;
import java.util.List;

/** The rows of a run while it goes on, in the order measured: what a run that is interrupted has so far. For any thread. */
public final class Results {
    private final List<Row> rows = new ArrayList<>();

    /** None yet. */
    public Results() {
    }

    /**
     * Keeps a row.
     *
     * @param row as it shall be reported.
     */
    public synchronized void add(final Row row) {
        rows.add(row);
    }

    /**
     * Keeps rows.
     *
     * @param more as they shall be reported.
     */
    public synchronized void addAll(final List<Row> more) {
        rows.addAll(more);
    }

    /**
     * What there is.
     *
     * @return a copy.
     */
    public synchronized List<Row> rows() {
        return List.copyOf(rows);
    }
}
