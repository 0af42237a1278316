package io.vmrpc.system;

import static io.vmrpc.system.ServedGuest.CASES;
import static io.vmrpc.system.ServedGuest.RUN;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Programs that ask for too much, jump out of their waits, close what is not theirs, are killed, or are hostile to vmrpc-guestd, while others are served. */
@Timeout(240)
class HostileProgramsTest {
    private static ServedGuest guest;

    @BeforeAll
    @Timeout(240)
    static void boot() throws Exception {
        guest = ServedGuest.boot("hostiles");
    }

    @AfterAll
    static void end() throws IOException {
        if (guest != null) {
            guest.close();
        }
    }

    @Test
    void crowdsAndJumpsAreServed() throws Exception {
        String count = guest.served(8000, () -> ServedGuest.passed(guest.run(RUN + "-- " + CASES + " crowd."), 200));
        System.out.println("HostileProgramsTest: " + count);
    }

    @Test
    void theKilledLeaveNothingAndTheBusyKeepNobody() throws Exception {
        String count = guest.served(1000, () -> ServedGuest.passed(guest.run(RUN + "-- " + CASES + " abuse."), 120));
        System.out.println("HostileProgramsTest: " + count);
    }

    /** A seed of its own for each run; the case prints it. */
    @Test
    void hostileClientsHarmThemselves() throws Exception {
        long seed = Long.getLong("vmrpc.seed", System.nanoTime() & Long.MAX_VALUE);
        String count = guest.served(100, () -> {
            guest.run("rm -f /tmp/end").awaitExit(10);
            GuestProcess bystander = guest.run(RUN + "-- " + CASES + " bystander.");
            bystander.await("seen bystander begins", 30);
            ServedGuest.passed(guest.run("SEED=" + seed + " " + CASES + " hostile."), 150);
            guest.run("touch /tmp/end").awaitExit(10);
            ServedGuest.passed(bystander, 30);
        });
        System.out.println("HostileProgramsTest: seed " + seed + ": " + count);
    }
}
