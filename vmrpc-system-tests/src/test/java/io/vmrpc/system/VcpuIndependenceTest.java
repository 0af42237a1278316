package io.vmrpc.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.vm.FreestandingGuest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** While a vCPU is parked for seconds, the VMM has all of the machine: monitor, stop, cont, reset, quit. */
@Timeout(120)
class VcpuIndependenceTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int TIMES = 5;
    private static final long BEST_NS = 100_000_000;
    private static final long EACH_NS = 1_000_000_000;
    private static final String LONG_PARK = "idle ms=50000";

    @ParameterizedTest
    @EnumSource(mode = Mode.MATCH_ANY, names = ".*ROM.*")
    void stopAndContInALongPark(Machine machine) throws Exception {
        machine.assumeThere();
        Path region = TestAgent.region("stop");
        List<Long> answers = new ArrayList<>();
        try (TestAgent agent = new TestAgent(region); FreestandingGuest guest = machine.start(region, 2, LONG_PARK)) {
            RegionView view = new RegionView(region);
            awaitPark(guest, 1);
            assertEquals("running", status(guest));
            for (int i = 0; i < TIMES; i++) {
                long start = System.nanoTime();
                guest.qmp().execute("stop");
                answers.add(System.nanoTime() - start);
                assertEquals("paused", status(guest));
                long parks = view.parks(0);
                Thread.sleep(50);
                assertEquals(parks, view.parks(0), "a stopped vCPU went on");
                guest.qmp().execute("cont");
                RegionView.await("the vCPU to park again", () -> view.parks(0) > parks);
            }
            agent.stop();
        }
        check(machine + ": stop answered after us", answers);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.MATCH_ANY, names = ".*ROM.*")
    void resetInALongPark(Machine machine) throws Exception {
        machine.assumeThere();
        Path region = TestAgent.region("reset");
        try (TestAgent agent = new TestAgent(region); FreestandingGuest guest = machine.start(region, 2, "hello; calls count=7; " + LONG_PARK)) {
            for (int boot = 1; boot <= 3; boot++) {
                awaitPark(guest, boot);
                assertEquals(boot, agent.counters(region).sessions().get());
                guest.qmp().execute("system_reset");
            }
            awaitPark(guest, 4);
            assertEquals("running", status(guest));
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.MATCH_ANY, names = ".*ROM.*")
    void quitInALongPark(Machine machine) throws Exception {
        machine.assumeThere();
        Path region = TestAgent.region("quit");
        List<Long> ends = new ArrayList<>();
        try (TestAgent agent = new TestAgent(region)) {
            for (int i = 0; i < TIMES; i++) {
                try (FreestandingGuest guest = machine.start(region, 2, "hello; " + LONG_PARK)) {
                    awaitPark(guest, 1);
                    ProcessHandle qemu = ProcessHandle.of(guest.pid()).orElseThrow();
                    long start = System.nanoTime();
                    guest.qmp().execute("quit");
                    RegionView.await("QEMU's end", () -> !qemu.isAlive()); // onExit looks three times a second only
                    ends.add(System.nanoTime() - start);
                }
            }
            assertEquals(TIMES, agent.counters(region).sessions().get());
        }
        check(machine + ": QEMU ended after us", ends);
    }

    /** The first vCPU takes the second one out; QEMU joins that one's thread meanwhile. The first one then goes on. */
    @ParameterizedTest
    @EnumSource(mode = Mode.MATCH_ANY, names = ".*ROM.*")
    void unplugInALongPark(Machine machine) throws Exception {
        machine.assumeThere();
        Path region = TestAgent.region("unplug");
        try (TestAgent agent = new TestAgent(region); FreestandingGuest guest = machine.start(region, 2, "hello; unplug; timers count=10; calls count=7; " + LONG_PARK)) {
            Words unplug = new Words(guest.awaitLine("unplug", SOON));
            String text = machine + ": the thread of an unplugged vCPU ended after us " + unplug.number("took_ns") / 1000;
            System.out.println("VcpuIndependenceTest: " + text);
            assertTrue(unplug.number("took_ns") <= EACH_NS, text);
            awaitPark(guest, 1);
            assertEquals(1, guest.vcpuThreadIds().size(), guest::log);
            assertEquals(0, agent.counters(region).violations().get());
        }
    }

    /** The guest has said that it parks, and has had the time to. */
    private static void awaitPark(FreestandingGuest guest, int boot) throws Exception {
        guest.awaitLine("idle"::equals, boot, "park of boot " + boot, SOON);
        Thread.sleep(50);
    }

    private static String status(FreestandingGuest guest) throws Exception {
        return guest.qmp().execute("query-status").path("status").asText();
    }

    private static void check(String what, List<Long> times) {
        String text = what + " " + times.stream().map(time -> time / 1000).toList();
        System.out.println("VcpuIndependenceTest: " + text);
        assertTrue(Collections.min(times) <= BEST_NS, text);
        assertTrue(Collections.max(times) <= EACH_NS, text);
    }
}
