package io.vmrpc.system;

import static io.vmrpc.system.ServedGuest.CASES;
import static io.vmrpc.system.ServedGuest.RUN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What POSIX and Linux promise of timers and timed waits, a named case for each clause (native/test/preload): a plain program passes them by itself, and as
 * well under vmrpc run.
 */
@Timeout(240)
class PromisesTest {
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
    @ValueSource(strings = {"cancel", "clock", "cond", "itimer", "poll", "process", "sem", "sleep", "timer", "timerfd"})
    void holdByThemselvesAndServed(String group) throws Exception {
        int plain = passed(CASES + " " + group + ".", "by itself");
        AtomicInteger served = new AtomicInteger();
        String count = guest.served(1, () -> served.set(passed(RUN + "-- " + CASES + " " + group + ".", "under vmrpc run")));
        System.out.println("PromisesTest: " + group + ": " + plain + " cases by themselves, " + served + " under vmrpc run; " + count);
        assertEquals(plain, served.get());
    }

    /** A call takes the same answers for lengths that are none. */
    @Test
    void badLengthsAreAnsweredAlike() throws Exception {
        List<String> plain = values(CASES + " value.");
        List<String> served = new ArrayList<>();
        guest.served(1, () -> served.addAll(values(RUN + "-- " + CASES + " value.")));
        assertTrue(plain.size() > 300, () -> "only " + plain.size() + " values");
        assertEquals(String.join("\n", plain), String.join("\n", served));
    }

    private static List<String> values(String command) throws Exception {
        GuestProcess program = guest.run(command);
        ServedGuest.passed(program, 60);
        return program.toString().lines().filter(line -> line.contains(" s: value ")).map(line -> line.substring(line.indexOf("value "))).toList();
    }

    /** Direct mode serves sleeps. */
    @Test
    void sleepsHoldForTheOwnerOfTheVcpu() throws Exception {
        guest.served(0, () -> passed(RUN + "--direct --fifo 50 -- " + CASES + " sleep.", "under vmrpc run --direct"));
    }

    /** {@return how many passed, of which there must be some; none may fail twice: some expect that other threads get the CPU in time} */
    private static int passed(String command, String how) throws Exception {
        GuestProcess first = guest.run(command);
        if (first.await("done ", 120).number("failed") == 0) {
            return passed(first, first.awaitExit(10), how);
        }
        System.out.println("PromisesTest: a second run after " + first);
        GuestProcess second = guest.run(command);
        second.await("done ", 120);
        return passed(second, second.awaitExit(10), how);
    }

    private static int passed(GuestProcess program, int status, String how) {
        String text = program.toString();
        Words done = new Words(text.substring(text.lastIndexOf("done passed=")).lines().findFirst().orElseThrow());
        assertEquals(0, status, () -> how + ": " + program);
        assertEquals(0, done.number("failed"), () -> how + ": " + program);
        assertTrue(done.number("passed") > 0, () -> how + ": " + program);
        return (int) done.number("passed");
    }
}
