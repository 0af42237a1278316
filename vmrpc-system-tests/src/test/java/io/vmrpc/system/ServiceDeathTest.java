package io.vmrpc.system;

import static io.vmrpc.system.ServedGuest.CASES;
import static io.vmrpc.system.ServedGuest.PROGRAMS;
import static io.vmrpc.system.ServedGuest.RUN;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/**
 * vmrpc-guestd dies in the middle of each kind of wait and series, and a supervisor starts it again: none ends early, hangs, or tells the program; what
 * expired is counted once; afterwards the program is served again.
 */
@Timeout(180)
@TestMethodOrder(OrderAnnotation.class)
class ServiceDeathTest {
    private static final String SUPERVISOR = "rm -f /tmp/end; while [ ! -e /tmp/end ]; do " + PROGRAMS.resolve("vmrpc-guestd") + "; echo ended with $?; done";
    private static ServedGuest guest;
    private static GuestProcess supervisor;

    @BeforeAll
    @Timeout(240)
    static void boot() throws Exception {
        guest = ServedGuest.boot("deaths");
        supervisor = guest.run(SUPERVISOR);
        supervisor.await("vmrpc-guestd: guest CPU 1 parks", 30);
    }

    @AfterAll
    static void end() throws IOException {
        if (guest != null) {
            guest.close();
        }
    }

    private static int dies(String signal, String cases) throws Exception {
        int passed = ServedGuest.passed(guest.run("SIGNAL=" + signal + " " + RUN + "-- " + CASES + " " + cases), 120);
        supervisor.await("ended with " + ("KILL".equals(signal) ? 137 : 0), 10);
        return passed;
    }

    @Test
    @Order(1)
    void killed() throws Exception {
        System.out.println("ServiceDeathTest: " + dies("KILL", "death.") + " cases with SIGKILL");
    }

    @Test
    @Order(2)
    void asked() throws Exception {
        System.out.println("ServiceDeathTest: " + dies("TERM", "death.e death.w death.s") + " cases with SIGTERM");
    }

    /** The agent is needed for a region, not for timers. */
    @Test
    @Order(3)
    void withoutAnAgentItServesOn() throws Exception {
        guest.agent().stop();
        ServedGuest.passed(guest.run(RUN + "-- " + CASES + " sleep. itimer. timerfd."), 90);
        guest.run("touch /tmp/end; pkill -x vmrpc-guestd").awaitExit(10);
        String all = supervisor.toString();
        supervisor.await("ended with 0", 20);
        String count = supervisor.toString().substring(all.length());
        assertTrue(Integer.parseInt(count.replaceAll("(?s).* (\\d+) timers served.*", "$1")) > 100, supervisor::toString);
    }
}
