package io.vmrpc.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class RowsCsvTest {
    private static final Figures FIGURES = new Figures(10, 2.5, 2, 3, 4, 4, 5);

    @TempDir
    Path folder;

    private static List<Map<String, String>> read(final String csv) throws Exception {
        try (MappingIterator<Map<String,
            String>> lines = new CsvMapper().readerForMapOf(String.class).with(CsvSchema.emptySchema().withHeader()).readValues(csv)) {
            return lines.readAll();
        }
    }

    @Test
    void itHasWhatTheJsonHas() throws Exception {
        final List<Row> rows = List
            .of(Row.of("timer", "longpoll-periodic", "tcg", "both", Map.of("period", "2ms", "odd", "a,\"b\"\r\nc;\u00e9"), FIGURES),
            Row.of("net", "vmrpc-tcp-bulk", "tcg", "none", Map.of("unit", "bytes/s"), FIGURES));
        final Path file = folder.resolve("rows.csv");
        RowsCsv.write(file, rows);
        final List<Map<String, String>> lines = read(Files.readString(file));
        assertEquals(2, lines.size());
        for (int i = 0; i < rows.size(); i++) {
            final ObjectNode json = RowJson.toJson(rows.get(i));
            final Map<String, String> line = lines.get(i);
            json.remove("params");
            json.properties().forEach(field -> assertEquals(field.getValue().asText(), line.get(field.getKey()), field.getKey()));
        }
        assertEquals("a,\"b\"\r\nc;\u00e9", lines.get(0).get("param.odd"));
        assertEquals("", lines.get(1).get("param.odd"));
        assertEquals("bytes/s", lines.get(1).get("unit"));
    }

    @Test
    void anEmptyRunHasHeads() throws Exception {
        final String csv = RowsCsv.toCsv(List.of());
        assertEquals(1, csv.lines().count());
        assertTrue(csv.startsWith("bench,variant,vm,load,unit,count,"), csv);
    }

    @Test
    void aDisturbanceIsAColumn() throws Exception {
        final List<Row> rows = Disturbances.marked(SampleEvaluation.of(100, 2));
        final List<Map<String, String>> lines = read(RowsCsv.toCsv(rows));
        assertEquals(rows.stream().map(Disturbances::of).toList(), lines.stream().map(line -> line.get("param.disturbed")).toList());
    }
}
