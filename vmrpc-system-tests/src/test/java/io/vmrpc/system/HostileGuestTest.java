package io.vmrpc.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.host.session.RegionCounters;
import io.vmrpc.system.guest.GuestProgram;
import io.vmrpc.system.guest.Scribbler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A guest writes rubbish over its whole region: it harms its own session and nothing else. */
@Timeout(600)
class HostileGuestTest {
    private static final int SECONDS = Boolean.getBoolean("vmrpc.full") ? 120 : 6;
    private static final String DEVICE = "$(dirname $(grep -l 0x1110 /sys/bus/pci/devices/*/device))/resource2";

    @Test
    void rubbishHarmsOnlyWhoWritesIt() throws Exception {
        Path hostile = TestAgent.region("hostile");
        Path honest = TestAgent.region("honest");
        try (TestAgent agent = new TestAgent(hostile, honest)) {
            try (GuestVm vm = GuestVm.start(hostile); HostProcess neighbour = new HostProcess(GuestProgram.class, honest.toString())) {
                neighbour.lines().await("connected", 30);
                long seed = System.nanoTime();
                scribble(vm, neighbour.lines(), seed, "");
                RegionCounters counters = agent.counters(hostile);
                System.out.println("HostileGuestTest: seed=" + seed + " " + counters);
                assertTrue(counters.sessions().get() > 5 && counters.requests().get() > 100 && counters.violations().get() > 5, "too tame: " + counters);
                anHonestProcessConnects(vm);
                scribble(vm, neighbour.lines(), seed + 2, "ruins");
                ruinsAreRefused(vm);
                assertEquals(0, agent.counters(honest).violations().get());
                assertEquals(1, agent.counters(honest).sessions().get());
            }
            agent.stop();
            aNewRegionIsTheWayOut(hostile);
        }
    }

    private static void scribble(GuestVm vm, GuestProcess neighbour, long seed, String ruins) throws Exception {
        GuestProcess scribbler = vm.run(JavaCommand.line(System.getProperty("java.home"), Scribbler.class, DEVICE, Integer.toString(SECONDS),
                Long.toString(seed), ruins));
        long calls = 0;
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS + 90);
        do {
            assertTrue(System.nanoTime() - until < 0, () -> "the hostile program hangs: " + scribbler);
            calls += neighbour.task("call 200 0", 30).number("calls");
            Thread.sleep(20);
        } while (!scribbler.comes("exit 0", 0));
        assertTrue(ProcessHandle.of(vm.machine().pid()).map(ProcessHandle::isAlive).orElse(false), "QEMU died");
        assertEquals("running", vm.machine().qmp().execute("query-status").path("status").asText());
        System.out.println("HostileGuestTest: neighbour's calls=" + calls + "; " + scribbler.toString().replace('\n', ' '));
    }

    private static void anHonestProcessConnects(GuestVm vm) throws Exception {
        GuestProcess guest = vm.connect();
        guest.task("call 100 80", 30);
        guest.send("quit");
        assertEquals(0, guest.awaitExit(30));
    }

    private static void ruinsAreRefused(GuestVm vm) throws Exception {
        GuestProcess guest = vm.program("");
        String message = guest.await("refused", 60).text();
        System.out.println("HostileGuestTest: ruins: " + message);
        assertTrue(message.contains("remove it and start the agent again"), message);
        assertEquals(GuestProgram.REFUSED, guest.awaitExit(20));
    }

    /** An identity that is gone is not repaired: the operator removes the file, and starts agent and VM again. */
    private static void aNewRegionIsTheWayOut(Path region) throws Exception {
        String message = assertThrows(IOException.class, () -> new TestAgent(region).close()).getMessage();
        System.out.println("HostileGuestTest: agent on the ruins: " + message);
        assertTrue(message.contains("remove it and start the agent again"), message);
        Files.delete(region);
        try (TestAgent agent = new TestAgent(region); GuestVm vm = GuestVm.start(region)) {
            vm.connect().task("call 10 80", 30);
            assertEquals(0, agent.counters(region).violations().get());
        }
    }
}
