package io.vmrpc.bench.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import org.HdrHistogram.Histogram;

/**
 * A row as one line of text: how a program in the guest hands its measurement to the host, between whatever else it prints.
 *
 * <p>The line is a JSON object that begins with <code>&#123;"vmrpc-row":1,</code>, then the fields of the JSON file, then
 * {@code "histogram"}: base64 of HdrHistogram's compressed encoding, if the row has one. It has ASCII characters only.
 */
public final class RowLine {
    private static final String MARK = "vmrpc-row";
    private static final int FORMAT = 1;
    private static final String PREFIX = "{\"" + MARK + "\":" + FORMAT + ",";
    /** A histogram of nanoseconds up to an hour has some 100 KB even if every bucket is used. */
    private static final int LONGEST = 4 << 20;

    private RowLine() {
    }

    /**
     * Tells a row from other output.
     *
     * @param line of a program's output
     * @return whether {@link #decode} can be tried
     */
    public static boolean isRow(final String line) {
        return line.startsWith(PREFIX);
    }

    /**
     * Writes a row.
     *
     * @param row any
     * @return one line without line end
     */
    public static String encode(final Row row) {
        final ObjectNode json = RowJson.JSON.createObjectNode().put(MARK, FORMAT);
        json.setAll(RowJson.toJson(row));
        row.histogram().ifPresent(histogram -> json.put("histogram", compressed(histogram)));
        try {
            return RowJson.JSON.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII).writeValueAsString(json);
        } catch (final JsonProcessingException e) {
            throw new IllegalStateException("a tree of text and numbers is always JSON", e);
        }
    }

    /**
     * Reads a row.
     *
     * @param line for which {@link #isRow} holds
     * @return the row; its figures come from the histogram if there is one
     * @throws IllegalArgumentException if the line was cut or changed on its way
     */
    public static Row decode(final String line) {
        if (!isRow(line) || line.length() > LONGEST) {
            throw new IllegalArgumentException("not a row of format " + FORMAT + ": it must begin with " + PREFIX
                + " and have at most " + LONGEST + " characters");
        }
        try {
            final JsonNode json = RowJson.JSON.readTree(line);
            final Row row = RowJson.fromJson(json);
            final JsonNode histogram = json.path("histogram");
            return histogram.isMissingNode() ? row
                : Row.of(row.bench(), row.variant(), row.vm(), row.load(), row.params(), decompressed(histogram.asText()));
        } catch (final JsonProcessingException e) {
            throw new IllegalArgumentException("the row is not JSON, was the line cut? " + e.getOriginalMessage(), e);
        }
    }

    private static String compressed(final Histogram histogram) {
        final ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        final int length = histogram.encodeIntoCompressedByteBuffer(buffer, Deflater.BEST_COMPRESSION);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length));
    }

    private static Histogram decompressed(final String text) {
        try {
            return Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(Base64.getDecoder().decode(text)), 0);
        } catch (final DataFormatException | RuntimeException e) {
            // Whatever the library throws at bytes it does not understand, the line's reader sees one kind of error.
            throw new IllegalArgumentException("the row's histogram is damaged, was the line cut? " + e.getMessage(), e);
        }
    }
}
