package io.vmrpc.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What POSIX and Linux promise of timers and timed waits, a named case for each clause (native/test/preload): a plain program passes them by itself, and as
 * well under vmrpc run.
 */
@Timeout(240)
class PromisesTest {
    private static final Path PROGRAMS = Path.of("../native/target/native/linux-x86-64").toAbsolutePath().normalize();
    private static final Path CASES = Path.of("../native/target/native-test/preload-test").toAbsolutePath().normalize();
    private static TestAgent agent;
    private static GuestVm vm;
    private static GuestProcess service;

    @BeforeAll
    @Timeout(240)
    static void boot() throws Exception {
        Path path = TestAgent.region("promises");
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

    @ParameterizedTest
    @ValueSource(strings = {"cancel", "clock", "cond", "itimer", "poll", "process", "sem", "sleep", "timer", "timerfd"})
    void holdByThemselvesAndServed(String group) throws Exception {
        int plain = passed(vm.run("taskset -c 1 " + CASES + " " + group + "."), "by itself");
        service = vm.run(PROGRAMS.resolve("vmrpc-guestd").toString());
        service.await("vmrpc-guestd: guest CPU 1 parks", 30);
        int served = passed(vm.run(PROGRAMS.resolve("vmrpc-run") + " -- " + CASES + " " + group + "."), "under vmrpc run");
        vm.run("pkill -x vmrpc-guestd").awaitExit(10);
        String count = service.await("vmrpc-guestd: ", 20).text();
        assertEquals(0, service.awaitExit(20));
        System.out.println("PromisesTest: " + group + ": " + plain + " cases by themselves, " + served + " under vmrpc run; " + count);
        assertEquals(plain, served);
        assertTrue(Integer.parseInt(count.replaceAll(".* (\\d+) timers served.*", "$1")) > 0, () -> "nothing was served: " + count);
    }

    /** {@return how many passed, of which there must be some; none may fail} */
    private static int passed(GuestProcess program, String how) throws Exception {
        Words done = new Words(program.await("done ", 120).text());
        assertEquals(0, done.number("failed"), () -> how + ": " + program);
        assertTrue(done.number("passed") > 0, () -> how + ": " + program);
        assertEquals(0, program.awaitExit(10));
        return (int) done.number("passed");
    }
}
