package io.vmrpc.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.host.service.End;
import io.vmrpc.host.service.Withheld;
import io.vmrpc.layout.Protocol;
import io.vmrpc.system.guest.GuestProgram;
import io.vmrpc.vm.VirtualMachine;
import io.vmrpc.vm.VmConfig;
import io.vmrpc.vm.VmException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One VM and one guest process to a region; when either dies, the agent frees all that its session held. */
@Timeout(240)
class GuestDeathTest {
    /** What the shim bounds every park by: even a kick that were lost would only make the death late. */
    private static final int LONGEST_PARK_S = (int)(Protocol.MAX_PARK_NS / 1_000_000_000);

    @Test
    void aRegionOutlivesItsVm() throws Exception {
        Path region = TestAgent.region("guests");
        try (TestAgent agent = new TestAgent(region)) {
            try (GuestVm vm = GuestVm.start(region)) {
                GuestProcess guest = vm.connect();
                aSecondVmIsRefused(region);
                aSecondProcessIsRefused(vm);
                guest.task("call 50 80", 30);
                assertEquals(1, agent.counters(region).sessions().get());
                guest = theProcessIsKilledInAPark(agent, vm, guest);
                theVmIsKilledInACall(agent, vm, guest);
            }
            aNewVmGetsANewSession(agent, region);
        }
    }

    private static void aSecondVmIsRefused(Path region) {
        VmConfig config = VmConfig.builder().region(region).command(List.of("true")).build();
        String message = assertThrows(VmException.class, () -> {
            try (VirtualMachine second = VirtualMachine.start(config)) {
                second.waitFor();
            }
        }).getMessage();
        System.out.println("GuestDeathTest: second VM: " + message);
        assertTrue(message.contains("another shim holds it already: one VM (or one loopback guest) per region"), message);
    }

    private static void aSecondProcessIsRefused(GuestVm vm) throws Exception {
        GuestProcess second = vm.program("");
        String message = second.await("refused", 60).text();
        System.out.println("GuestDeathTest: second process: " + message);
        assertTrue(message.contains("already has a guest process: stop that process first"), message);
        assertEquals(GuestProgram.REFUSED, second.awaitExit(20));
    }

    /** Nothing tells the agent of a process that died in a living VM: the next hello does. Its slot was left armed, with hours to go. */
    private static GuestProcess theProcessIsKilledInAPark(TestAgent agent, GuestVm vm, GuestProcess guest) throws Exception {
        guest.send("park 10000000 breathless");
        guest.await("parking", 20);
        vm.run("pkill -9 -f GuestProgram");
        long killed = System.nanoTime();
        assertEquals(128 + 9, guest.awaitExit(LONGEST_PARK_S + 20));
        System.out.println("GuestDeathTest: a process killed in a park ended after ms " + (System.nanoTime() - killed) / 1_000_000);
        GuestProcess next = vm.connect();
        RegionView.await("the session's end", () -> agent.withholding.endedSessions.size() == 1);
        long bound = System.nanoTime();
        next.task("call 50 80", 20);
        System.out.println("GuestDeathTest: bind and 50 calls after the death took ms " + (System.nanoTime() - bound) / 1_000_000);
        return next;
    }

    private static void callThatIsWithheld(TestAgent agent, GuestProcess guest, int number) throws Exception {
        guest.send("withhold");
        RegionView.await("the call", () -> agent.withholding.requests.size() == number);
        assertTrue(agent.withholding.requests.get(number - 1).isOutstanding());
        Thread.sleep(100); // into the park
    }

    private static void theVmIsKilledInACall(TestAgent agent, GuestVm vm, GuestProcess guest) throws Exception {
        callThatIsWithheld(agent, guest, 1);
        assertEquals(1, agent.withholding.endedSessions.size());
        ProcessHandle qemu = ProcessHandle.of(vm.machine().pid()).orElseThrow();
        long killed = System.nanoTime();
        qemu.destroyForcibly();
        RegionView.await("the session's end", () -> agent.withholding.endedSessions.size() == 2);
        System.out.println("GuestDeathTest: session freed us after SIGKILL: " + (System.nanoTime() - killed) / 1000);
        assertEquals(List.of(End.SESSION), agent.withholding.ends);
        assertFalse(agent.withholding.requests.get(0).isOutstanding());
        qemu.onExit().get(20, TimeUnit.SECONDS);
    }

    private static void aNewVmGetsANewSession(TestAgent agent, Path region) throws Exception {
        long former = agent.withholding.endedSessions.get(1).id();
        try (GuestVm vm = GuestVm.start(region)) {
            GuestProcess guest = vm.connect();
            guest.task("call 50 80", 30);
            callThatIsWithheld(agent, guest, 2);
            Withheld request = agent.withholding.requests.get(1);
            assertNotEquals(former, request.session().id());
            request.onShard(() -> request.complete());
            guest.await("done answer=", 20);
        }
    }
}
