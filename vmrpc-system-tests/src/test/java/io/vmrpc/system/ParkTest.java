package io.vmrpc.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.host.qmp.QmpClient;
import io.vmrpc.host.vcpu.VcpuControl;
import io.vmrpc.host.vcpu.VcpuControlContext;
import io.vmrpc.host.vcpu.VcpuThread;
import io.vmrpc.layout.Protocol;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** A parked vCPU keeps time, and stands in nobody's way: not its process's, not its kernel's, not QEMU's. */
@Timeout(180)
@TestMethodOrder(OrderAnnotation.class)
class ParkTest {
    private static final int SLOT = 1;
    private static final boolean FULL = Boolean.getBoolean("vmrpc.full");
    private static TestAgent agent;
    private static RegionView region;
    private static GuestVm vm;
    private static VcpuControl control;
    private static GuestProcess guest;

    @BeforeAll
    @Timeout(240)
    static void boot() throws Exception {
        Path path = TestAgent.region("park");
        agent = new TestAgent(path);
        vm = GuestVm.start(path);
        region = new RegionView(path);
        guest = vm.connect();
        // as the design has it: only this thread of the VM is real-time on the host
        control = VcpuControl.apply(VcpuThread.find(vm.machine().qmp(), SLOT), new VcpuControlContext().priority(80));
    }

    @AfterAll
    static void end() throws Exception {
        if (control != null) {
            control.close();
        }
        if (vm != null) {
            vm.close();
        }
        agent.close();
    }

    @Test
    @Order(1)
    void callsAndTimersKeepTheirPromises() throws Exception {
        Words calls = guest.task("call 500 80", 60);
        Words timers = guest.task("timers 200 5000", 60);
        System.out.println("ParkTest: " + calls + "; " + timers);
        assertTrue(calls.number("parks") > 0, "no call parked");
        assertEquals(0, timers.number("early"), timers::text);
        assertEquals(0, timers.number("offSchedule"), timers::text);
        assertEquals(timers.number("missed"), timers.number("overruns"), timers::text);
        assertTrue(timers.number("paused") >= 4, timers::text);
        assertEquals(timers.number("paused"), timers.number("pausedOverruns"), timers::text);
    }

    @Test
    @Order(1)
    void typedCallsOfEachStyleCome() throws Exception {
        Words typed = guest.task("typed 200 80", 60);
        System.out.println("ParkTest: " + typed);
        assertEquals(200, typed.number("calls"), typed::text);
        assertEquals(200, typed.number("withheld"), typed::text);
        assertEquals(200, typed.number("events"), typed::text);
        assertEquals(1 << 20, typed.number("bytes"), typed::text);
        assertTrue(typed.number("parks") > 0, "no call parked");
    }

    @Test
    @Order(2)
    void aParkDoesNotStallItsProcess() throws Exception {
        assertEquals(Protocol.KICK_HOOK, region.kickMode());
        assertTrue(guest.task("shim", 20).text().endsWith("QEMU TCG, kick hook"));
        long kicks = region.kicks(SLOT);
        Words spaced = guest.task("mprotect 5 20 30000", 120); // each finds a park that has settled
        long spacedKicks = region.kicks(SLOT) - kicks;
        Words dense = guest.task("mprotect 5 40 0", 120);
        System.out.println("ParkTest: spaced " + spaced + " kicks=" + spacedKicks + "; dense " + dense);
        assertTrue(spacedKicks >= 5 * 20 / 2, "kicks=" + spacedKicks);
        for (Words each : List.of(spaced, dense)) {
            double ratio = (double) each.number("parked50") / each.number("spinning50");
            // without a kick each would wait for the end of the park: thousands of times as long
            assertTrue(ratio <= 20, "mprotect beside a park costs " + ratio + " of that beside a running thread: " + each);
        }
    }

    @Test
    @Order(3)
    void aStopIsAnsweredDuringALongPark() throws Exception {
        QmpClient qmp = vm.machine().qmp();
        List<Long> stops = new ArrayList<>();
        long begin = System.nanoTime();
        guest.send("park 20000 breathless");
        guest.await("parking slot=" + SLOT, 20);
        long demotions = control.demotions();
        for (int i = 0; i < 5; i++) {
            region.awaitLongPark(SLOT);
            long start = System.nanoTime();
            qmp.execute("stop");
            stops.add((System.nanoTime() - start) / 1000);
            assertEquals("paused", qmp.execute("query-status").path("status").asText());
            assertFalse(region.isParked(SLOT), "QEMU says paused and the vCPU is parked");
            qmp.execute("cont");
            assertEquals("running", qmp.execute("query-status").path("status").asText());
        }
        Words park = guest.await("done", 60);
        long lasted = System.nanoTime() - begin;
        assertEquals(demotions, control.demotions(), "the guard took a park for computing");
        System.out.println("ParkTest: stop answered after us " + stops + "; " + park);
        assertTrue(park.number("late") >= 0, park::text);
        assertTrue(lasted >= TimeUnit.SECONDS.toNanos(20), "the park of 20 s ended after ns " + lasted);
        assertTrue(Collections.min(stops) <= 100_000, "stop was answered after us " + stops);
        assertTrue(Collections.max(stops) <= 1_000_000, "stop was answered after us " + stops);
    }

    @Test
    @Order(4)
    @Timeout(700)
    void kernelThreadsLiveBesideAParkThatBreathes() throws Exception {
        int seconds = FULL ? 600 : 30;
        guest.send("park " + seconds * 1000 + " breathing");
        guest.await("parking", 20);
        long took = 0;
        int rounds = 0;
        while (!guest.comes("done", 2)) {
            long start = System.nanoTime();
            GuestProcess statistics = refreshStatistics();
            GuestProcess compaction = compactMemory();
            assertTrue(statistics.comes("exit 0", 20), statistics::toString);
            assertTrue(compaction.comes("exit 0", 20), compaction::toString);
            took = Math.max(took, System.nanoTime() - start);
            rounds++;
        }
        System.out.println("ParkTest: " + rounds + " rounds of stat_refresh and compact_memory beside a park of " + seconds + " s, at most ms " + took / 1_000_000);
        assertTrue(rounds >= 2, "only " + rounds + " rounds of kernel work during the park");
    }

    /**
     * The control: without breaths the same work waits for the end of the park, so the test above can fail. Compaction asks a CPU only if
     * pages wait in its batches, so it may get through.
     */
    @Test
    @Order(5)
    void kernelThreadsStarveBesideAParkThatDoesNotBreathe() throws Exception {
        guest.send("park 10000 breathless");
        guest.await("parking", 20);
        GuestProcess statistics = refreshStatistics();
        assertFalse(statistics.comes("exit", 5), statistics::toString);
        assertFalse(guest.comes("done", 0), "the park ended too soon to show anything");
        guest.await("done", 30);
        assertTrue(statistics.comes("exit 0", 20), statistics::toString);
    }

    private static GuestProcess refreshStatistics() throws Exception {
        return vm.run("cat /proc/sys/vm/stat_refresh");
    }

    private static GuestProcess compactMemory() throws Exception {
        return vm.run("echo 1 >/proc/sys/vm/compact_memory");
    }

    @Test
    @Order(6)
    void quitEndsQemuDuringALongPark() throws Exception {
        guest.send("park 10000 breathless");
        guest.await("parking slot=" + SLOT, 20);
        region.awaitLongPark(SLOT);
        ProcessHandle qemu = ProcessHandle.of(vm.machine().pid()).orElseThrow();
        long start = System.nanoTime();
        vm.machine().qmp().execute("quit");
        long answered = System.nanoTime() - start;
        qemu.onExit().get(20, TimeUnit.SECONDS);
        long gone = System.nanoTime() - start;
        System.out.println("ParkTest: quit answered after us " + answered / 1000 + ", QEMU gone after us " + gone / 1000);
        assertTrue(answered <= TimeUnit.SECONDS.toNanos(1), "quit was answered after ns " + answered);
        assertTrue(gone <= TimeUnit.SECONDS.toNanos(5), "QEMU was gone after ns " + gone);
    }
}
