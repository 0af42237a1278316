package io.vmrpc.bench.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The JSON file of a run: an array with one object for each row, in the order measured. */
public final class Rows {
    private Rows() {
    }

    /**
     * Writes all rows; the file appears whole or stays as it was.
     *
     * @param file is replaced if it exists; a pipe or device is written to
     * @param rows their histograms are left out, their figures stay
     * @throws IOException if the file cannot be written
     */
    public static void write(final Path file, final List<Row> rows) throws IOException {
        WholeFile.write(file, toJson(rows));
    }

    /**
     * The text of the file.
     *
     * @param rows any number
     * @return a JSON array, one line for each row
     */
    public static String toJson(final List<Row> rows) {
        final List<String> objects = rows.stream().map(row -> RowJson.toJson(row).toString()).toList();
        return "[\n" + String.join(",\n", objects) + "\n]\n";
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param file a JSON array of rows
     * @return the rows, without histograms
     * @throws IOException if the file cannot be read or is not such an array; the message says where
     */
    public static List<Row> read(final Path file) throws IOException {
        final JsonNode json;
        try {
            json = RowJson.JSON.readTree(Files.readAllBytes(file));
        } catch (final JsonProcessingException e) {
            throw new IOException(file + " is not JSON: " + e.getMessage(), e);
        }
        if (!(json instanceof ArrayNode)) {
            throw new IOException(file + " is not a JSON array of rows: give the file that --json wrote");
        }
        final List<Row> rows = new ArrayList<>(json.size());
        for (final JsonNode element : json) {
            try {
                rows.add(RowJson.fromJson(element));
            } catch (final IllegalArgumentException e) {
                throw new IOException(file + ", row " + (rows.size() + 1) + ": " + e.getMessage(), e);
            }
        }
        return rows;
    }
}
