package io.vmrpc.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.bench.report.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.agrona.IoUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two real processes and a few calls: rows have what the report needs. No figure is asserted. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PeerPairTest {
    private static final PeerPlan FEW = new PeerPlan(1, 30, 5, 200);
    private Path folder;

    @BeforeEach
    void create() throws IOException {
        folder = Files.createTempDirectory(Path.of("/dev/shm"), "vmrpc-peers-test");
    }

    @AfterEach
    void remove() {
        IoUtil.delete(folder.toFile(), true);
    }

    @Test
    void aRowForEachSizeInEachTurn() throws Exception {
        try (PeerPair pair = new PeerPair("vmrpc-raw-parked", FEW, folder, System.err)) {
            for (final String cpus : List.of("one", "any")) {
                final List<Row> rows = pair.measure(cpus);
                assertEquals(List.of("8", "256", "16384", "1048576"), rows.stream().map(row -> row.param("bytes")).toList());
                for (final Row row : rows) {
                    assertEquals(List.of("peers", "vmrpc-raw-parked", "parked", cpus), List.of(row.bench(), row.variant(), row.param("wait"), row.param("cpus")));
                    assertTrue(row.figures().count() > 0 && row.histogram().isPresent(), row::toString);
                    assertTrue(Long.parseLong(pair.withCpuTime(row).param("cpu_ns")) > 0, row::toString);
                }
            }
        }
    }

    @Test
    void whatIdleChannelsCost() throws Exception {
        final List<Row> rows = ChannelCost.measure(folder, System.err, 20, 2, 100);
        assertEquals(List.of("channel-cpu", "channel-region", "channel-resident", "channel-heap", "session-cpu", "session-region", "session-resident", "session-heap"),
            rows.stream().map(Row::variant).toList());
        assertEquals(List.of("20", "2"), rows.stream().map(row -> row.param("count")).distinct().toList());
    }

    @Test
    void aProcessThatEndsIsNamed() throws Exception {
        try (PeerProcess process = new PeerProcess("caller of nothing", System.err)) {
            final IOException failure = assertThrows(IOException.class, () -> process.ask("connect pigeons -1 nowhere"));
            assertEquals("the caller of nothing ended at 'connect pigeons -1 nowhere': its error output above says why", failure.getMessage());
        }
    }
}
