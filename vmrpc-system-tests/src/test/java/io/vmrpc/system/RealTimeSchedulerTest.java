package io.vmrpc.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.layout.Protocol;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An executor over a vCPU: it keeps its schedule, and a park with an hour to go ends for a task that a thread of another vCPU submits. */
@Timeout(180)
class RealTimeSchedulerTest {
    private static final int SLOT = 1;
    private static final long AT_ONCE_US = TimeUnit.SECONDS.toMicros(10); // nothing but a kick ends the park before its bound of 60 s
    private static TestAgent agent;
    private static RegionView region;
    private static GuestVm vm;
    private static GuestProcess guest;

    @BeforeAll
    @Timeout(240)
    static void boot() throws Exception {
        Path path = TestAgent.region("scheduler");
        agent = new TestAgent(path);
        vm = GuestVm.start(path);
        region = new RegionView(path);
        guest = vm.connect();
    }

    @AfterAll
    static void end() throws Exception {
        if (vm != null) {
            vm.close();
        }
        agent.close();
    }

    @Test
    void aFixedRateNeitherDriftsNorComesEarly() throws Exception {
        int count = 1000;
        Words periodic = guest.task("scheduler periodic " + count + " 2000", 60);
        System.out.println("RealTimeSchedulerTest: " + periodic);
        assertEquals(0, periodic.number("early"), periodic::text);
        assertEquals(0, periodic.number("offSchedule"), periodic::text);
        assertTrue(periodic.number("parks") > count / 2, periodic::text);
    }

    @Test
    void aSubmissionEndsALongPark() throws Exception {
        assertEquals(Protocol.KICK_HOOK, region.kickMode());
        long kicks = region.kicks(SLOT);
        Words spaced = guest.task("scheduler submit 30 100000", 120); // each finds a park that has settled
        long spacedKicks = region.kicks(SLOT) - kicks;
        Words dense = guest.task("scheduler submit 2000 0", 120); // these meet the owner on its way into a park
        System.out.println("RealTimeSchedulerTest: spaced us " + spaced + " kicks=" + spacedKicks + "; dense us " + dense);
        assertTrue(spacedKicks >= 30 / 2, "kicks=" + spacedKicks);
        for (Words each : new Words[] {spaced, dense}) {
            assertTrue(each.number("slowest") <= AT_ONCE_US, each::text);
            assertEquals(1, each.number("left"), each::text);
        }
    }
}
