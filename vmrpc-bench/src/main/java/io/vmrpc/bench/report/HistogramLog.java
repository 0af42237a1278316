package io.vmrpc.bench.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * Whole distributions in HdrHistogram's own log format, for its readers and plotters: one histogram for each row that has one, with a tag
 * that names the row. A
 * row has no time of its own: it stands at its place in the run, as if each took a second.
 */
public final class HistogramLog {
    /** What a run's log is called in a folder. */
    private static final String NAME = "vmrpc.hlog";
    /** The log's column of maxima is for people: in ms where samples are ns. */
    private static final double NS_PER_MS = 1e6;

    private HistogramLog() {
    }

    /**
     * Writes the histograms; the file appears whole or stays as it was.
     *
     * @param place a file, or a folder that exists, in which the file is called {@value #NAME}
     * @param rows of a run
     * @return the file
     * @throws IOException if it cannot be written
     */
    public static Path write(final Path place, final List<Row> rows) throws IOException {
        final Path file = Files.isDirectory(place) ? place.resolve(NAME) : place;
        WholeFile.write(file, text(rows));
        return file;
    }

    static String text(final List<Row> rows) {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final HistogramLogWriter log = new HistogramLogWriter(new PrintStream(bytes, false, StandardCharsets.US_ASCII));
        log.outputComment("[VMRPC: one histogram for each row, in nanoseconds or in the unit of its tag; places, not times]");
        log.outputComment("[rows without a histogram, whose source gave figures only: " + rows.stream()
            .filter(row -> row.histogram().isEmpty()).count() + "]");
        log.outputLogFormatVersion();
        log.outputLegend();
        int place = 0;
        for (final Row row : rows) {
            if (row.histogram().isPresent()) {
                final Histogram histogram = row.histogram().get();
                histogram.setTag(tag(row));
                log.outputIntervalHistogram(place, place + 1, histogram, NS_PER_MS);
            }
            place++;
        }
        log.close();
        return bytes.toString(StandardCharsets.US_ASCII);
    }

    /** For example {@code timer/guest-periodic/tcg/both/host=all-fifo;period=2ms}. The format forbids commas, blanks and line ends. */
    static String tag(final Row row) {
        final StringBuilder tag = new StringBuilder(String.join("/", row.bench(), row.variant(), row.vm(), row.load()));
        char before = '/';
        for (final var param : row.params().entrySet()) {
            tag.append(before).append(param.getKey()).append('=').append(param.getValue());
            before = ';';
        }
        return tag.toString().replaceAll("[^\\x21-\\x7e]|,", "_");
    }
}
