package io.vmrpc.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RowLineTest {
    private static Histogram histogram() {
        final Histogram histogram = new Histogram(3);
        for (long i = 1; i <= 10_000; i++) {
            histogram.recordValue(i * i);
        }
        return histogram;
    }

    @Test
    void histogramSurvivesTheLine() {
        final Row row = Row.of("timer", "longpoll-periodic", "tcg", "both", Map.of("period", "2ms", "odd", "a\"b\nc\u00e9"), histogram());
        final String line = RowLine.encode(row);
        assertTrue(RowLine.isRow(line));
        assertTrue(line.chars().allMatch(c -> c >= 0x20 && c < 0x7f), line);
        final Row back = RowLine.decode(line);
        assertEquals(row, back);
        assertEquals(histogram(), back.histogram().orElseThrow());
    }

    @Test
    void figuresAloneSurviveTheLine() {
        final Row row = Row.of("timer", "host-cyclictest", "none", "both", Map.of(), new Figures(10, 2.5, 2, 3, 4, 4, 5));
        final Row back = RowLine.decode(RowLine.encode(row));
        assertEquals(row, back);
        assertTrue(back.histogram().isEmpty());
    }

    @Test
    void emptyHistogramSurvivesTheLine() {
        final Row row = Row.of("rpc", "vmrpc-parked", "tcg", "none", Map.of(), new Histogram(3));
        assertEquals(0, RowLine.decode(RowLine.encode(row)).figures().count());
    }

    @Test
    void otherOutputIsNoRow() {
        for (final String line : new String[] {"", "hello", "{}", "{\"vmrpc-row\":2,\"bench\":\"rpc\"}"}) {
            assertFalse(RowLine.isRow(line), line);
            assertThrows(IllegalArgumentException.class, () -> RowLine.decode(line), line);
        }
    }

    @Test
    void everyCutLineIsRefused() {
        final String line = RowLine.encode(Row.of("rpc", "vmrpc-parked", "tcg", "none", Map.of(), histogram()));
        for (int length = 0; length < line.length(); length++) {
            final String cut = line.substring(0, length);
            assertThrows(IllegalArgumentException.class, () -> RowLine.decode(cut), cut);
        }
    }

    @Test
    void damagedHistogramIsRefused() {
        final String line = RowLine.encode(Row.of("rpc", "vmrpc-parked", "tcg", "none", Map.of(), histogram()));
        final int start = line.indexOf("\"histogram\":\"") + "\"histogram\":\"".length();
        final String damaged = line.substring(0, start) + "AAAA" + line.substring(start + 4);
        final String message = assertThrows(IllegalArgumentException.class, () -> RowLine.decode(damaged)).getMessage();
        assertTrue(message.contains("histogram"), message);
    }
}
