package io.vmrpc.system;

import static io.vmrpc.system.ServedGuest.RUN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads of a Java program on one vCPU that vmrpc-guestd shares: the agent's completions and their own timers wake each of them. */
@Timeout(180)
class SharedVcpuTest {
    private static ServedGuest guest;

    @BeforeAll
    @Timeout(240)
    static void boot() throws Exception {
        guest = ServedGuest.boot("shared");
    }

    @AfterAll
    static void end() throws IOException {
        if (guest != null) {
            guest.close();
        }
    }

    @Test
    void completionsAndTimersWakeTheThreadThatWaitsForThem() throws Exception {
        System.out.println("SharedVcpuTest: " + guest.served(300, () -> {
            GuestProcess program = guest.vm().program(RUN + "--");
            program.await("connected", 90);
            Words done = program.task("shared 3 100", 120);
            assertEquals(300, done.number("calls"), done::text);
            assertEquals(0, done.number("wrong"), done::text);
            assertEquals(0, done.number("early"), done::text);
            program.send("park 1 breathing");
            String refusal = program.await("failed", 30).text();
            assertTrue(refusal.contains("vmrpc-guestd"), refusal);
            program.send("quit");
            program.awaitExit(30);
        }));
    }

    @Test
    void whoWasNotStartedByRunIsToldSo() throws Exception {
        GuestProcess program = guest.vm().connect();
        program.send("shared 1 1");
        String refusal = program.await("failed", 30).text();
        assertTrue(refusal.contains("vmrpc run"), refusal);
        program.send("quit");
        program.awaitExit(30);
    }
}
