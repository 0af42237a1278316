package io.vmrpc.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.layout.Protocol;
import io.vmrpc.vm.QemuShim;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Without the preloaded hook a park is cut into slices, which bound what it can hold up; and it says so. */
@Timeout(240)
class SlicesTest {
    private static final int SLOT = 1;

    @Test
    void slicesAreTheFallback() throws Exception {
        Path path = TestAgent.region("slices");
        try (TestAgent agent = new TestAgent(path); GuestVm vm = GuestVm.start(config -> config.region(path).shim(QemuShim.Kind.SLICES))) {
            RegionView region = new RegionView(path);
            GuestProcess guest = vm.connect();
            assertEquals(Protocol.KICK_SLICES, region.kickMode());
            assertEquals("done QEMU TCG, slices of 1000 us", guest.task("shim", 20).text());

            Words park = guest.task("park 2000 breathless", 30);
            Words shootdown = guest.task("mprotect 2 20 10000", 60);
            Words calls = guest.task("call 100 80", 30);
            Words submissions = guest.task("scheduler submit 20 10000", 60);
            System.out.println("SlicesTest: " + park + "; " + shootdown + "; " + calls + "; " + submissions);
            assertTrue(park.number("late") >= 0, park::text);
            assertTrue(park.number("parks") >= 100, park::text); // 2000 slices on a machine with nothing else to do
            assertEquals(0, region.kicks(SLOT));
            assertTrue(shootdown.number("parked50") <= 100_000_000, shootdown::text); // a park that nothing ends would hold it for half a second
            assertTrue(submissions.number("slowest") <= 10_000_000, submissions::text); // us; the slice ends the park, its bound would take a minute
            assertTrue(agent.counters(path).requests().get() >= 100);
        }
    }
}
