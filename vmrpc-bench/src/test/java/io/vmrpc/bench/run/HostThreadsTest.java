package io.vmrpc.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vmrpc.bench.density.Schedule;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HostThreadsTest {
    private static final Schedule TWO = new Schedule(2, 0, 10_000_000, 2, false);

    @Test
    void everyThreadsCyclesAreSamples() throws IOException {
        final var rows = HostThreads.parse(List.of("thread", "5000 60000", "7000 0", "thread", "6000 50000", "9000 70000"),
            TWO).rows("host-threads", "none");
        assertEquals(4, rows.get(0).figures().count());
        assertEquals("1", rows.get(0).param("missed"));
        assertEquals(3, rows.get(1).figures().count());
    }

    @Test
    void outputThatWasCutIsNoMeasurement() {
        assertThrows(IOException.class, () -> HostThreads.parse(List.of("thread", "5000 60000"), TWO));
        assertThrows(IOException.class, () -> HostThreads.parse(List.of("thread", "5000"), TWO));
    }
}
