package io.vmrpc.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.host.Agent;
import io.vmrpc.host.AgentContext;
import io.vmrpc.layout.Geometry;
import io.vmrpc.layout.Protocol;
import io.vmrpc.natives.NativeProgram;
import io.vmrpc.vm.FreestandingConfig;
import io.vmrpc.vm.FreestandingGuest;
import io.vmrpc.vm.QemuShim;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Agents that die, regions that go, slots that are missing, and guests that lie: QEMU lives on, and nothing hangs. */
@Timeout(180)
class FreestandingFaultsTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @ParameterizedTest
    @EnumSource(mode = Mode.MATCH_ANY, names = ".*ROM.*")
    void theGuestOutlivesItsAgent(Machine machine) throws Exception {
        machine.assumeThere();
        Path region = TestAgent.region("killed");
        String job = "hello; withheld delay_us=60000000 lost=1; timers count=20 period_ns=2000000; hello; calls count=7";
        HostProcess agent = startAgent(region);
        try (FreestandingGuest guest = machine.start(region, 1, job)) {
            guest.awaitLine("waiting", SOON);
            agent.close(); // SIGKILL
            guest.awaitLine("withheld lost=1", SOON);
            guest.awaitLine("done timers", SOON);
            agent = startAgent(region);
            assertEquals("ok", guest.waitForEnd(SOON), guest::log);
        } finally {
            agent.close();
            Files.deleteIfExists(region);
            Files.deleteIfExists(Path.of(region + ".sock"));
        }
    }

    private static HostProcess startAgent(Path region) throws Exception {
        HostProcess agent = new HostProcess(TestAgent.class, region.toString());
        agent.lines().await("ready", 30);
        return agent;
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.MATCH_ANY, names = ".*ROM.*")
    void aRegionWhoseNameIsGoneServesOn(Machine machine) throws Exception {
        machine.assumeThere();
        Path region = TestAgent.region("deleted");
        try (TestAgent agent = new TestAgent(region);
                FreestandingGuest guest = machine.start(region, 1, "hello; idle ms=1000; timers count=10; calls count=7")) {
            guest.awaitLine("idle", SOON);
            Files.delete(region);
            assertEquals("ok", guest.waitForEnd(SOON), guest::log);
            assertEquals(0, agent.counters(region).violations().get());
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.MATCH_ANY, names = ".*ROM.*")
    void aVcpuWithoutASlotRunsOn(Machine machine) throws Exception {
        machine.assumeThere();
        Path region = TestAgent.region("slots");
        AgentContext context = new AgentContext().region(region).geometry(new Geometry(1, 1, 16, 64)).removeRegionsOnClose(true);
        try (Agent agent = Agent.launch(context); FreestandingGuest guest = machine.start(region, 2, "unserved count=200; timers count=10")) {
            assertEquals("ok", guest.waitForEnd(SOON), guest::log);
            assertTrue(new Words(guest.awaitLine("unserved", SOON)).number("hypercalls") >= 200, guest::log);
            assertEquals(1, agent.shardCount());
        } finally {
            Files.deleteIfExists(region);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.MATCH_ANY, names = ".*ROM.*")
    void aHostileGuestHarmsNobodyElse(Machine machine) throws Exception {
        machine.assumeThere();
        Path region = TestAgent.region("liar");
        Path honest = TestAgent.region("honest");
        int seed = (int) (System.nanoTime() & 0x7fffffff);
        String job = "hostile count=2000 seed=" + seed + "; hello; hostile count=1000 seed=" + (seed ^ 0x5a5a) + "; hello; calls count=7";
        try (TestAgent agent = new TestAgent(region, honest); FreestandingGuest guest = machine.start(region, 2, job);
                FreestandingGuest neighbour = Machine.TCG_ROM.start(honest, 1, "calls count=300")) {
            String end = guest.waitForEnd(SOON);
            System.out.println("FreestandingFaultsTest: " + machine + " seed=" + seed + ": " + agent.counters(region));
            assertEquals("ok", end, guest::log);
            assertEquals("ok", neighbour.waitForEnd(SOON), neighbour::log);
            assertEquals(0, agent.counters(honest).violations().get());
        }
    }

    /** The filter that libvirt asks for: no scheduling of QEMU's own, no new privileges, no other programs. Parks need none of these. */
    @ParameterizedTest
    @EnumSource(mode = Mode.MATCH_ANY, names = ".*ROM.*")
    void aQemuInItsSandboxParks(Machine machine) throws Exception {
        machine.assumeThere();
        Path region = TestAgent.region("sandbox");
        FreestandingConfig config = machine.config(region, 2, "withheld count=3; timers count=20; smp ms=500; calls count=7")
                .arguments(List.of("-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny"));
        try (TestAgent agent = new TestAgent(region); FreestandingGuest guest = FreestandingGuest.start(config)) {
            Words shim = new Words(guest.awaitLine("shim", SOON));
            assertEquals(0, shim.number("refusal"), guest::log);
            assertEquals(machine.isHalted() ? Protocol.PARK_HALTED : Protocol.PARK_FUTEX, shim.number("park_mode"), guest::log);
            String status = Files.readString(Path.of("/proc", Long.toString(guest.pid()), "status"));
            assertTrue(status.contains("Seccomp:\t2"), status);
            assertEquals("ok", guest.waitForEnd(SOON), guest::log);
            agent.stop();
        }
    }

    @Test
    void nothingIsLeftOfAGuest() throws Exception {
        Path region = TestAgent.region("left");
        ProcessHandle qemu;
        Path folder;
        try (TestAgent agent = new TestAgent(region); FreestandingGuest guest = Machine.TCG_ROM.start(region, 1, "spin")) {
            guest.awaitLine("spin", SOON);
            assertEquals(1, guest.vcpuThreadIds().size());
            qemu = ProcessHandle.of(guest.pid()).orElseThrow();
            String command = Files.readString(Path.of("/proc", Long.toString(guest.pid()), "cmdline"));
            Matcher matcher = Pattern.compile("path=(/[^,\0]*)/qmp").matcher(command);
            assertTrue(matcher.find(), command);
            folder = Path.of(matcher.group(1));
            assertTrue(Files.isDirectory(folder), folder.toString());
            agent.stop();
        }
        assertFalse(qemu.isAlive(), "QEMU lives");
        assertFalse(Files.exists(folder), folder + " is left");
    }

    /** The interposer in a QEMU that has nothing for it. */
    @Test
    void aPreloadedShimWithoutARegionDoesNothing(@TempDir Path folder) throws Exception {
        Machine.KVM_ROM_HALTED.assumeThere();
        Map<String, String> preload = Map.of("LD_PRELOAD", NativeProgram.extract("libvmrpc-qemu-kvm.so", folder).toString());
        Path region = TestAgent.region("unserved");
        FreestandingConfig config = Machine.KVM_ROM_HALTED.config(region, 1, "hello").shim(QemuShim.Kind.NONE).environment(preload);
        try (TestAgent agent = new TestAgent(region)) {
            try (FreestandingGuest guest = FreestandingGuest.start(config)) {
                String end = guest.waitForEnd(SOON);
                assertTrue(end.startsWith("failed no shim parks this vCPU"), guest::log);
            }
            agent.stop();
        }
        try (FreestandingGuest guest = FreestandingGuest.start(config.region(null))) {
            String end = guest.waitForEnd(SOON);
            assertTrue(end.startsWith("failed no ivshmem device"), guest::log);
        }
    }
}
