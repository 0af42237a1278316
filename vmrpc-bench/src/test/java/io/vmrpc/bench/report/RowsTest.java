package io.vmrpc.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class RowsTest {
    @TempDir
    Path folder;

    @Test
    void fileHasTheAgreedShape() throws IOException {
        final Path file = folder.resolve("rows.json");
        Rows.write(file, List.of(Row.of("timer", "guest-periodic", "tcg", "both", Map.of("host", "untouched"),
            new Figures(10_000, 12.5, 10, 20, 30, 40, 50))));
        final JsonNode row = new ObjectMapper().readTree(file.toFile()).get(0);
        final List<String> fields = new ArrayList<>();
        row.fieldNames().forEachRemaining(fields::add);
        assertEquals(List.of("bench", "variant", "vm", "load", "params", "unit", "count", "mean", "p50", "p90", "p99", "p999", "max"), fields);
        assertEquals("{\"host\":\"untouched\"}", row.get("params").toString());
        assertEquals("ns", row.get("unit").asText());
        assertEquals(40, row.get("p999").asLong());
        assertEquals(12.5, row.get("mean").asDouble());
    }

    @Test
    void readsBackWhatItWrote() throws IOException {
        final Path file = folder.resolve("rows.json");
        final List<Row> rows = SampleRun.of(200);
        Rows.write(file, rows);
        final List<Row> back = Rows.read(file);
        assertEquals(rows.size(), back.size());
        for (int i = 0; i < rows.size(); i++) {
            assertEquals(rows.get(i).toString(), back.get(i).toString());
        }
        Rows.write(file, List.of());
        assertEquals(List.of(), Rows.read(file));
    }

    @Test
    void theUnitStandsBesideTheFigures() throws IOException {
        final Row stream = Row.of("net", "vmrpc-tcp-bulk", "tcg", "none", Map.of(Variants.UNIT, Variants.BYTES_PER_SECOND), new Figures(1, 1, 1, 1, 1, 1, 1));
        final String json = Rows.toJson(List.of(stream));
        assertTrue(json.contains("\"params\":{},\"unit\":\"bytes/s\""), json);
        assertEquals(List.of(stream), Rows.read(Files.writeString(folder.resolve("rows.json"), json)));
    }

    @Test
    void leavesNothingBesideTheFile() throws IOException {
        final Path link = Files.createSymbolicLink(folder.resolve("link.json"), Files.writeString(folder.resolve("rows.json"), "old"));
        Rows.write(link, List.of());
        assertTrue(Files.isSymbolicLink(link), "the link must stay a link");
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(2, files.count());
        }
        assertEquals(List.of(), Rows.read(folder.resolve("rows.json")));
    }

    @Test
    void saysWhichRowIsWrong() throws IOException {
        final String good = Rows.toJson(List.of(Row.of("rpc", "x", "none", "none", Map.of(), new Figures(1, 1, 1, 1, 1, 1, 1))));
        for (final String bad : List.of("", "{}", "[1]", good.replace("\"unit\":\"ns\",", ""), good.replace("\"p99\":1", "\"p99\":\"1\""),
            good.replace("\"p50\":1", "\"p50\":9"), good.replace("\"vm\":\"none\",", ""), good.replace("\"count\":1", "\"count\":-1"))) {
            final Path file = Files.writeString(folder.resolve("bad.json"), bad);
            final String message = assertThrows(IOException.class, () -> Rows.read(file), bad).getMessage();
            assertTrue(message.contains("bad.json"), message);
        }
    }
}
