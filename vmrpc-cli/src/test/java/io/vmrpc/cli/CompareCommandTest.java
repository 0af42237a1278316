package io.vmrpc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.bench.report.Figures;
import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Rows;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The exit status is the result. */
@Timeout(60)
class CompareCommandTest {
    @TempDir
    Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter errors = new StringWriter();

    private String file(final String name, final String bench, final long p50) throws IOException {
        final Path file = folder.resolve(name);
        Rows.write(file, List.of(Row.of(bench, "any", "none", "none", Map.of(), new Figures(5, p50, p50, p50, p50, p50, p50))));
        return file.toString();
    }

    private int compare(final String... files) {
        final CommandLine line = new CommandLine(new BenchCommand()).setOut(new PrintWriter(out)).setErr(new PrintWriter(errors)).setParameterExceptionHandler(new WrongUsage());
        final String[] arguments = new String[files.length + 1];
        arguments[0] = "compare";
        System.arraycopy(files, 0, arguments, 1, files.length);
        return line.execute(arguments);
    }

    private void refused(final String reason, final String... files) {
        assertEquals(2, compare(files));
        assertTrue(errors.toString().contains(reason), errors::toString);
        assertEquals(1, errors.toString().lines().count(), errors::toString);
    }

    @Test
    void sameAndFasterIsZeroSlowerIsOne() throws Exception {
        final String old = file("old.json", "rpc", 10_000);
        assertEquals(0, compare(old, old));
        assertEquals(0, compare(old, file("fast.json", "rpc", 1_000)));
        assertTrue(out.toString().contains("10.00 times faster"), out::toString);
        assertEquals(1, compare(old, file("slow.json", "rpc", 30_000)));
        assertTrue(out.toString().contains("3.00 times slower"), out::toString);
    }

    @Test
    void otherRunsAreRefused() throws Exception {
        refused("have no measurement in common: the benches of the one are [rpc], of the other [net]", file("old.json", "rpc", 1),
            file("new.json", "net", 1));
    }

    @Test
    void aMissingFileIsRefused() throws Exception {
        refused("absent.json cannot be read", file("old.json", "rpc", 1), folder.resolve("absent.json").toString());
    }

    @Test
    void whatIsNoRunIsRefused() throws Exception {
        final Path text = Files.writeString(folder.resolve("text.json"), "no JSON");
        refused("is not JSON", file("old.json", "rpc", 1), text.toString());
    }

    @Test
    void twoFilesAreNeeded() throws Exception {
        refused("NEW.json", file("old.json", "rpc", 1));
    }
}
