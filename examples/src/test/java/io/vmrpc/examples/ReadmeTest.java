package io.vmrpc.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documents say what is there: README's code is the examples' code, options are explained, links lead to files. */
class ReadmeTest {
    private static final Path ROOT = Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();
    private static final Path SOURCES = ROOT.resolve("examples/src/main/java/io/vmrpc/examples");
    private static final Pattern JAVA = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern OPTION = Pattern.compile("names = \"(--[a-z-]+)\"");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");

    @Test
    void theCodeIsTheExamplesCode() throws IOException {
        final List<String> expected = List.of(part("ControlLoop"), part("SampleService"), part("SampleAgent"), part("FirstService"),
            part("PacketLoop"), part("GuestHttpServer"), part("LogShipper"));
        final List<String> shown = JAVA.matcher(Files.readString(ROOT.resolve("README.md"))).results().map(found -> found.group(1)).toList();
        assertEquals(expected, shown, "README.md shows the parts between '// readme: begin' and '// readme: end'");
    }

    private static String part(final String example) throws IOException {
        final List<String> lines = Files.readAllLines(SOURCES.resolve(example + ".java"));
        final List<String> part = lines.subList(lines.indexOf("    // readme: begin") + 1, lines.indexOf("    // readme: end"));
        return String.join("\n", part).stripIndent() + "\n";
    }

    @Test
    void theOptionsAreTheCommandsOptions() throws IOException {
        final String operations = Files.readString(ROOT.resolve("docs/operations.md"));
        for (final String command : List.of("vmrpc-vm/src/main/java/io/vmrpc/vm/VmRunCommand.java", "vmrpc-cli/src/main/java/io/vmrpc/cli/AgentCommand.java",
            "vmrpc-doctor/src/main/java/io/vmrpc/doctor/DoctorCommand.java",
            "vmrpc-cli/src/main/java/io/vmrpc/cli/CallCommand.java",
            "vmrpc-cli/src/main/java/io/vmrpc/cli/VcpuCommand.java", "vmrpc-cli/src/main/java/io/vmrpc/cli/PolicyCommand.java")) {
            final List<String> options = OPTION.matcher(Files.readString(ROOT.resolve(command))).results().map(found -> found.group(1)).toList();
            assertFalse(options.isEmpty(), command);
            for (final String option : options) {
                assertTrue(operations.contains("`" + option), "docs/operations.md does not explain " + option + " of " + command);
            }
        }
    }

    @Test
    void linksLeadToFiles() throws IOException {
        final List<Path> documents = new ArrayList<>();
        try (Stream<Path> top = Files.list(ROOT); Stream<Path> below = Files.walk(ROOT.resolve("docs"))) {
            Stream.concat(top, below).filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
        }
        assertFalse(documents.isEmpty());
        for (final Path document : documents) {
            final List<String> links = LINK.matcher(Files.readString(document)).results().map((MatchResult found) -> found.group(1)).toList();
            for (final String link : links) {
                assertTrue(Files.exists(document.resolveSibling(link)), document + " links to " + link + ", which is not there");
            }
        }
    }
}
