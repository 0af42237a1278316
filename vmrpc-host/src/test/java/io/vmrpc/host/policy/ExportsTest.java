package io.vmrpc.host.policy;

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Exported folders in a policy file. */
@Timeout(60)
class ExportsTest {
    private static final Path PLC = Path.of("/dev/shm/vmrpc-plc");
    private static final String COMPLETE = """
        guests:
          - region: /dev/shm/vmrpc-plc
            exports:
              - name: logs
                folder: /srv/logs
                access: read-write
                bytes: 1GiB
                files: 10000
                handles: 64
        """;
    @TempDir
    Path folder;

    private Policy load(final String text) throws IOException {
        return Policy.load(Files.writeString(folder.resolve("policy.yaml"), text));
    }

    @Test
    void everyKeyCounts() throws IOException {
        assertEquals(List.of(new Export("logs", Path.of("/srv/logs"), false, 1L << 30, 10_000, 64)), load(COMPLETE).forRegion(PLC).exports());
        assertEquals(List.of(), load(COMPLETE).forRegion(Path.of("/dev/shm/other")).exports(), "closed by default");
    }

    @Test
    void theExampleOfTheDocumentsIsValid() throws IOException {
        final String operations = Files.readString(Path.of("../docs/operations.md"));
        final Matcher example = Pattern.compile("```yaml\n(guests:(?:(?!```).)*exports:.*?)```", Pattern.DOTALL).matcher(operations);
        assertTrue(example.find());
        final List<Export> exports = load(example.group(1)).forRegion(PLC).exports();
        assertEquals(List.of("logs", "recipes"), exports.stream().map(Export::name).toList());
        assertEquals(Export.readOnly("recipes", Path.of("/srv/plc/recipes")), exports.get(1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "name: logs|name: ..|must be 1 to 64 letters",
        "name: logs|name: a/b|must be 1 to 64 letters",
        "name: logs|nam: logs|unknown key; what may stand here is name, folder, access, bytes, files, handles",
        "folder: /srv/logs|folder: srv/logs|must be an absolute path",
        "folder: /srv/logs|folder: /srv/../etc|must be an absolute path",
        "access: read-write|access: write|must be read-only or read-write",
        "bytes: 1GiB|bytes: 0|out of range",
        "bytes: 1GiB|bytes: much|must be a whole number of bytes",
        "files: 10000|files: -1|must be a whole number",
        "handles: 64|handles: 65537|out of range"
    })
    void whatIsWrongIsSaid(final String before, final String after, final String why) {
        final PolicyException refusal = assertThrows(PolicyException.class, () -> load(COMPLETE.replace(before, after)));
        assertTrue(refusal.getMessage().contains("guests[0].exports[0]") && refusal.getMessage().contains(why), refusal.getMessage());
    }

    @Test
    void twoOfOneNameAreRefused() {
        final String second = "      - {name: logs, folder: /srv/other}\n";
        final PolicyException refusal = assertThrows(PolicyException.class, () -> load(COMPLETE + second));
        assertTrue(refusal.getMessage().contains("is the name of an earlier export"), refusal.getMessage());
    }
}
