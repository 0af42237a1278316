package io.vmrpc.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real probe, by DPDK over a veth pair. Needs root, two CPUs and what {@code make -C native probe} builds. */
@Timeout(120)
class ProbeTest {
    private static final Path PROGRAMS = Path.of("../native/target/native-probe").toAbsolutePath().normalize();
    private static final int PORT = 7050;
    private static final int MESSAGES = 200;

    @Test
    void everyMessageToAReflectorComesBack() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(PROGRAMS.resolve("vmrpc-probe")), "no DPDK here: scripts/setup test fetches it");
        try (Probe probe = new Probe(PROGRAMS)) {
            try (Reflector reflector = new Reflector(PROGRAMS, probe.host(), PORT)) {
                final ProbeOutput output = probe.run(probe.host(), reflector.port(), MESSAGES, true);
                assertEquals(MESSAGES, output.sent());
                assertEquals(0, output.lost());
                assertEquals(0, output.wrong());
                assertEquals(MESSAGES, output.samples().getTotalCount() + output.unseen());
            }
            final ProbeOutput alone = probe.run(probe.host(), PORT, MESSAGES, false);
            assertEquals(MESSAGES, alone.lost(), "nobody is there any more");
        }
    }

    @Test
    void whatToDoWithoutAProbeIsSaid(@TempDir final Path empty) {
        final IOException failure = assertThrows(IOException.class, () -> new Probe(empty).close());
        assertTrue(failure.getMessage().contains("scripts/setup outside"), failure.getMessage());
    }
}
