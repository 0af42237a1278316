package io.vmrpc.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.host.vcpu.VcpuControl;
import io.vmrpc.host.vcpu.VcpuControlContext;
import io.vmrpc.host.vcpu.VcpuThread;
import io.vmrpc.natives.CpuSet;
import io.vmrpc.natives.Native;
import io.vmrpc.vm.FreestandingGuest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Under KVM the waker of a halted vCPU has what a control gives to the vCPU's thread, and loses it with it. */
@Timeout(120)
class WakerControlTest {
    private static final int RT_RUNTIME_US = 100_000;
    private static final int WAKE_PRIORITY = 33;

    @Test
    void theWakerFollowsItsVcpuAndComesBackWithIt() throws Exception {
        Machine.KVM_ROM_HALTED.assumeThere();
        Path region = TestAgent.region("waker");
        try (TestAgent agent = new TestAgent(region);
                FreestandingGuest guest = Machine.KVM_ROM_HALTED.start(region, 1, "timers count=2000 period_ns=10000000; idle ms=50000")) {
            RegionView view = new RegionView(region);
            RegionView.await("the vCPU to park", () -> view.parks(0) > 10);
            VcpuThread vcpu = VcpuThread.find(guest.qmp(), 0);
            Path group;
            try (VcpuControl control = VcpuControl.apply(vcpu,
                    new VcpuControlContext().priority(WAKE_PRIORITY).cpus(CpuSet.of(0)).rtRuntimeUs(RT_RUNTIME_US))) {
                group = TestGroup.ROOT.resolve("cpuset").resolve("vmrpc-vcpu-" + vcpu.tid());
                RegionView.await("the waker to have its vCPU's scheduling", () -> wakers(vcpu, ThreadState.fifo(WAKE_PRIORITY)) == 1);
                assertTrue(control.facts().size() > 1, control.facts().toString());
                guest.qmp().execute("stop"); // so nothing of the guest's helps to undo it
                Thread.sleep(100);
            }
            assertEquals(0, wakers(vcpu, ThreadState.fifo(WAKE_PRIORITY)), "a waker kept the priority");
            assertTrue(wakers(vcpu, ThreadState.ORDINARY) >= 1, "no waker is left");
            assertFalse(Files.exists(group), "the group stayed");
            guest.qmp().execute("cont");
            long parks = view.parks(0);
            RegionView.await("the vCPU to go on", () -> view.parks(0) > parks);
            agent.stop();
        }
    }

    /** How many threads of that QEMU are wakers of the vCPU and have that scheduling. */
    private static long wakers(VcpuThread vcpu, int scheduling) {
        Path tasks = Path.of("/proc/" + vcpu.pid() + "/task");
        return Stream.of(tasks.toFile().list()).filter(tid -> name(tasks.resolve(tid)).equals("vmrpc-wk" + vcpu.tid()))
                .filter(tid -> Native.vmrpc_get_scheduler(Integer.parseInt(tid)) == scheduling).count();
    }

    private static String name(Path task) {
        try {
            return Files.readString(task.resolve("comm")).strip();
        } catch (IOException e) {
            return ""; // a thread that ended meanwhile
        }
    }
}
