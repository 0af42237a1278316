package io.vmrpc.system;

import static io.vmrpc.system.ServedGuest.RUN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
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
    private static final Path CASES = Path.of("../native/target/native-test/preload-test").toAbsolutePath().normalize();
    private static ServedGuest guest;

    @BeforeAll
    @Timeout(240)
    static void boot() throws Exception {
        guest = ServedGuest.boot("promises");
    }

    @AfterAll
    static void end() throws IOException {
        if (guest != null) {
            guest.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cancel", "cond", "itimer", "poll", "process", "sem", "sleep", "timer", "timerfd"})
    void holdByThemselvesAndServed(String group) throws Exception {
        int plain = passed(guest.run(CASES + " " + group + "."), "by itself");
        AtomicInteger served = new AtomicInteger();
        String count = guest.served(1, () -> served.set(passed(guest.run(RUN + "-- " + CASES + " " + group + "."), "under vmrpc run")));
        System.out.println("PromisesTest: " + group + ": " + plain + " cases by themselves, " + served + " under vmrpc run; " + count);
        assertEquals(plain, served.get());
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
