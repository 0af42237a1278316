package io.vmrpc.bench.report;

import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * The CSV file of a run: what the JSON file has, a line for each row (RFC 4180, with heads). A parameter is the column {@code param.NAME},
 * empty where a row has none.
 */
public final class RowsCsv {
    private static final List<String> WORDS = List.of("bench", "variant", "vm", "load");
    private static final List<String> NUMBERS = List.of("unit", "count", "mean", "p50", "p90", "p99", "p999", "max");
    private static final String PARAM = "param.";
    private static final CsvMapper CSV = new CsvMapper();

    private RowsCsv() {
    }

    /**
     * Writes all rows; the file appears whole or stays as it was.
     *
     * @param file is replaced if it exists; a pipe or device is written to
     * @param rows their histograms are left out, their figures stay
     * @throws IOException if the file cannot be written
     */
    public static void write(final Path file, final List<Row> rows) throws IOException {
        WholeFile.write(file, toCsv(rows));
    }

    static String toCsv(final List<Row> rows) throws IOException {
        final List<ObjectNode> lines = rows.stream().map(RowJson::toJson).toList();
        final TreeSet<String> params = new TreeSet<>();
        lines.forEach(line -> line.path("params").fieldNames().forEachRemaining(params::add));
        final List<String> columns = new ArrayList<>(WORDS);
        params.forEach(name -> columns.add(PARAM + name));
        columns.addAll(NUMBERS);
        final CsvSchema schema = CsvSchema.builder().addColumns(columns,
            CsvSchema.ColumnType.STRING).setUseHeader(true).setLineSeparator("\r\n").build();
        final ObjectWriter writer = CSV.writer(schema);
        final StringWriter text = new StringWriter();
        try (SequenceWriter sequence = writer.writeValues(text)) {
            for (final ObjectNode line : lines) {
                sequence.write(flat(line));
            }
        }
        // Jackson writes the heads with the first line.
        return rows.isEmpty() ? String.join(",", columns) + "\r\n" : text.toString();
    }

    private static ObjectNode flat(final ObjectNode line) {
        final ObjectNode flat = line.deepCopy();
        flat.remove("params");
        line.path("params").properties().forEach(param -> flat.set(PARAM + param.getKey(), param.getValue()));
        return flat;
    }
}
