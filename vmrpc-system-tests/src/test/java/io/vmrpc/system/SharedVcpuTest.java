package io.vmrpc.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads of a Java program on one vCPU that vmrpc-guestd shares: the agent's completions and their own timers wake each of them. */
@Timeout(180)
class SharedVcpuTest {
    private static final Path PROGRAMS = Path.of("../native/target/native/linux-x86-64").toAbsolutePath().normalize();
    private static TestAgent agent;
    private static GuestVm vm;

    @BeforeAll
    @Timeout(240)
    static void boot() throws Exception {
        Path path = TestAgent.region("shared");
        agent = new TestAgent(path);
        vm = GuestVm.start(path);
    }

    @AfterAll
    static void end() throws Exception {
        if (vm != null) {
            vm.close();
        }
        agent.close();
    }

    @Test
    void completionsAndTimersWakeTheThreadThatWaitsForThem() throws Exception {
        GuestProcess service = vm.run(PROGRAMS.resolve("vmrpc-guestd").toString());
        service.await("vmrpc-guestd: guest CPU 1 parks", 30);
        GuestProcess guest = vm.program(PROGRAMS.resolve("vmrpc-run") + " --");
        guest.await("connected", 90);
        Words done = guest.task("shared 3 100", 120);
        assertEquals(300, done.number("calls"), done::text);
        assertEquals(0, done.number("wrong"), done::text);
        assertEquals(0, done.number("early"), done::text);
        guest.send("park 1 breathing");
        String refusal = guest.await("failed", 30).text();
        assertTrue(refusal.contains("vmrpc-guestd"), refusal);
        guest.send("quit");
        guest.awaitExit(30);
        vm.run("pkill -x vmrpc-guestd").awaitExit(10);
        Words served = service.await("vmrpc-guestd: ", 20);
        System.out.println("SharedVcpuTest: " + done + "; " + served);
        assertTrue(served.text().matches(".* parks, .*") && Integer.parseInt(served.text().replaceAll(".* (\\d+) timers served.*", "$1")) > 300, served::text);
        assertEquals(0, service.awaitExit(20));
    }

    @Test
    void whoWasNotStartedByRunIsToldSo() throws Exception {
        GuestProcess guest = vm.connect();
        guest.send("shared 1 1");
        String refusal = guest.await("failed", 30).text();
        assertTrue(refusal.contains("vmrpc run"), refusal);
        guest.send("quit");
        guest.awaitExit(30);
    }
}
