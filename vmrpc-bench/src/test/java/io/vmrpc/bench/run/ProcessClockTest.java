package io.vmrpc.bench.run;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ProcessClockTest {
    private static final long BUSY_NS = 30_000_000;

    @Test
    void itKeepsTheTimeOfThreadsThatHaveEnded() throws Exception {
        final ProcessClock clock = new ProcessClock(ProcessHandle.current().pid());
        final long before = clock.ns();
        final Thread busy = new Thread(() -> {
            final long begin = System.nanoTime();
            while (System.nanoTime() - begin < BUSY_NS) {
                Thread.onSpinWait();
            }
        });
        busy.start();
        busy.join();
        assertTrue(clock.ns() > before, "a thread worked and ended");
    }

    @Test
    void aProcessThatEndedIsToldAsSuch() throws Exception {
        final Process process = new ProcessBuilder("sleep", "10").start();
        final ProcessClock clock = new ProcessClock(process.pid());
        assertTrue(clock.ns() >= 0);
        process.destroyForcibly().waitFor();
        assertThrows(IOException.class, clock::ns);
        assertThrows(IOException.class, () -> new ProcessClock(process.pid()));
    }
}
