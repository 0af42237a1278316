package io.vmrpc.host;

import static org.junit.jupiter.api.Assertions.*;

import io.vmrpc.layout.HeaderDescriptor;
import io.vmrpc.layout.Protocol;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Steps S1 to S5: a shard does not sleep over anything that came before it announced its sleep. Nobody rings the doorbell here. */
@Timeout(60)
class SleepTest {
    private static final int RESCUE_MS = 5_000;
    @TempDir
    Path folder;
    private SessionFixture fixture;

    @BeforeEach
    void open() throws IOException {
        fixture = new SessionFixture(folder).open();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private int sleeping() {
        return fixture.guest.header.getIntAcquire(HeaderDescriptor.SLEEPING);
    }

    /** Sleeps, until a task comes after so many ms if nothing else ends the sleep. Answers the `sleeping` that the task saw, or -1. */
    private int sleep(final int rescueMs) throws InterruptedException {
        final AtomicInteger seen = new AtomicInteger(-1);
        final Thread rescuer = new Thread(() -> {
            try {
                Thread.sleep(rescueMs);
                fixture.agent.shard(0).execute(() -> seen.set(sleeping()));
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt(); // not needed
            }
        });
        rescuer.start();
        fixture.agent.shard(0).sleep();
        rescuer.interrupt();
        rescuer.join();
        assertEquals(0, sleeping(), "S5");
        return seen.get();
    }

    @Test
    void withNothingToDoItSleepsAndSaysSo() throws InterruptedException {
        assertEquals(1, sleep(20));
    }

    @Test
    void notOverASubmission() throws InterruptedException {
        fixture.submit(ScriptedService.ECHO);
        assertEquals(-1, sleep(RESCUE_MS));
    }

    @Test
    void notOverAHello() throws InterruptedException {
        fixture.guest.hello();
        assertEquals(-1, sleep(RESCUE_MS));
    }

    @Test
    void notBeyondADeadline() throws InterruptedException {
        fixture.guest.offer(0, 1, Protocol.operation(1, ScriptedService.WITHHOLD), 0, fixture.nowNs + 1_000_000);
        fixture.work();
        assertEquals(-1, sleep(RESCUE_MS));
    }

    @Test
    void notOverSpaceForWhatIsHeldBack() throws InterruptedException {
        for (int i = 0; i < 9; i++) {
            fixture.submit(ScriptedService.ECHO);
            fixture.work();
        }
        assertEquals(1, sleep(20), "the ring is full: the guest will ring");
        assertEquals(8, fixture.guest.poll(0).size());
        assertEquals(-1, sleep(RESCUE_MS));
    }
}
