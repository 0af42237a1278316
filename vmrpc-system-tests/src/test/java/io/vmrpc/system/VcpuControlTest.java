package io.vmrpc.system;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vmrpc.host.vcpu.VcpuControl;
import io.vmrpc.host.vcpu.VcpuControlContext;
import io.vmrpc.host.vcpu.VcpuControlException;
import io.vmrpc.host.vcpu.VcpuThread;
import io.vmrpc.natives.CpuSet;
import io.vmrpc.natives.Native;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The control of one vCPU's thread of a real QEMU on this host: what it sets, and that all of it comes back. */
@Timeout(60)
class VcpuControlTest {
    /** Modest, since other groups of the machine share one budget. */
    private static final int RT_RUNTIME_US = 100_000;

    @TempDir Path folder;

    @AfterEach
    void noGroupIsLeft() throws IOException {
        try (var groups = Files.find(TestGroup.ROOT, 3, (path, attributes) -> path.getFileName().toString().startsWith("vmrpc-vcpu-"))) {
            // other controls on this machine have groups of threads that live
            groups.forEach(group -> assertTrue(Files.exists(Path.of("/proc", group.getFileName().toString().substring(11))), "left behind: " + group));
        }
    }

    private static CpuSet lastCpu() throws IOException {
        String[] ends = CpuSet.online().toString().split("[-,]");
        return CpuSet.of(Integer.parseInt(ends[ends.length - 1]));
    }

    @Test
    void onlyTheChosenThreadChangesAndAllComesBack() throws Exception {
        try (TinyQemu qemu = TinyQemu.start(folder, "-S", "-smp", "2")) {
            VcpuThread vcpu = qemu.vcpu(1);
            Native.vmrpc_set_scheduler(vcpu.tid(), 3, 0); // SCHED_BATCH: the former policy need not be the usual one
            CpuSet.of(0).applyTo(vcpu.tid());
            Map<Integer, ThreadState> before = ThreadState.of(qemu);
            try (VcpuControl control = VcpuControl.apply(vcpu, new VcpuControlContext().priority(42).cpus(lastCpu()))) {
                Map<Integer, ThreadState> during = ThreadState.of(qemu);
                ThreadState changed = during.remove(vcpu.tid());
                assertEquals(ThreadState.fifo(42), changed.scheduling());
                assertEquals(lastCpu(), changed.cpus());
                if (TestGroup.has("cpuset", "cpuset.cpus")) {
                    assertEquals("/vmrpc-vcpu-" + vcpu.tid(), changed.group("cpuset"), control.facts().toString());
                }
                Map<Integer, ThreadState> others = ThreadState.of(qemu);
                others.remove(vcpu.tid());
                others.keySet().retainAll(before.keySet());
                during.keySet().retainAll(before.keySet());
                assertEquals(others, during);
                assertTrue(during.values().stream().allMatch(state -> state.scheduling() == ThreadState.ORDINARY), during.toString());
            }
            assertEquals(before.get(vcpu.tid()), ThreadState.of(qemu.pid(), vcpu.tid()));
        }
    }

    @Test
    void aGroupWithoutRealTimeIsLeftForOneThatHasIt() throws Exception {
        assumeTrue(TestGroup.has("cpu", "cpu.rt_runtime_us"), "this kernel has no RT_GROUP_SCHED with cgroup v1");
        try (TestGroup group = new TestGroup("cpu"); TinyQemu qemu = TinyQemu.start(folder, "-S")) {
            group.add(qemu);
            assertEquals("0", group.get("cpu.rt_runtime_us"));
            VcpuThread vcpu = qemu.vcpu(0);
            ThreadState before = ThreadState.of(qemu.pid(), vcpu.tid());
            String refusal = assertThrows(VcpuControlException.class, () -> VcpuControl.apply(vcpu, new VcpuControlContext().groups(false))).getMessage();
            assertTrue(refusal.contains("Operation not permitted") && refusal.contains("cpu.rt_runtime_us 0"), refusal);
            assertEquals(before, ThreadState.of(qemu.pid(), vcpu.tid()));
            try (VcpuControl control = VcpuControl.apply(vcpu, new VcpuControlContext().rtRuntimeUs(RT_RUNTIME_US))) {
                ThreadState during = ThreadState.of(qemu.pid(), vcpu.tid());
                assertEquals(ThreadState.fifo(80), during.scheduling());
                Path own = TestGroup.ROOT.resolve("cpu" + during.group("cpu"));
                assertEquals(Integer.toString(RT_RUNTIME_US), Files.readString(own.resolve("cpu.rt_runtime_us")).strip());
                assertEquals(Integer.toString(vcpu.tid()), Files.readString(own.resolve("tasks")).strip(), "one thread only");
                assertEquals(group.path(), ThreadState.of(qemu.pid(), qemu.pid()).group("cpu"), control.facts().toString());
            }
            assertEquals(before, ThreadState.of(qemu.pid(), vcpu.tid()));
        }
    }

    @Test
    void theThreadLeavesAGroupWithAQuota() throws Exception {
        assumeTrue(TestGroup.has("cpu", "cpu.cfs_quota_us"), "the cpu controller of cgroup v1 is not mounted");
        try (TestGroup group = new TestGroup("cpu").set("cpu.cfs_quota_us", "50000"); TinyQemu qemu = TinyQemu.start(folder, "-S")) {
            group.add(qemu);
            VcpuThread vcpu = qemu.vcpu(0);
            try (VcpuControl control = VcpuControl.apply(vcpu, new VcpuControlContext().rtRuntimeUs(RT_RUNTIME_US))) {
                Path own = TestGroup.ROOT.resolve("cpu" + ThreadState.of(qemu.pid(), vcpu.tid()).group("cpu"));
                assertFalse(own.endsWith(group.path().substring(1)), control.facts().toString());
                assertEquals("-1", Files.readString(own.resolve("cpu.cfs_quota_us")).strip());
            }
            assertEquals(group.path(), ThreadState.of(qemu.pid(), vcpu.tid()).group("cpu"));
        }
    }

    @Test
    void aThreadHasOneControlAtATime() throws Exception {
        try (TinyQemu qemu = TinyQemu.start(folder, "-S")) {
            VcpuThread vcpu = qemu.vcpu(0);
            VcpuControl first = VcpuControl.apply(vcpu, new VcpuControlContext());
            String refusal = assertThrows(VcpuControlException.class, () -> VcpuControl.apply(vcpu, new VcpuControlContext())).getMessage();
            assertTrue(refusal.contains("controlled already"), refusal);
            assertEquals(ThreadState.fifo(80), Native.vmrpc_get_scheduler(vcpu.tid()));
            first.close();
            first.close();
            VcpuControl.apply(vcpu, new VcpuControlContext()).close();
        }
    }

    private static void killUndoProgramOf(VcpuThread vcpu) {
        ProcessHandle undo = ProcessHandle.current().children()
                .filter(child -> child.info().arguments().map(words -> words.length > 1 && words[1].equals(Integer.toString(vcpu.tid()))).orElse(false))
                .findFirst().orElseThrow();
        undo.destroyForcibly();
        undo.onExit().join();
    }

    @Test
    void allComesBackAlsoIfTheUndoProgramWasKilled() throws Exception {
        try (TinyQemu qemu = TinyQemu.start(folder, "-S")) {
            VcpuThread vcpu = qemu.vcpu(0);
            ThreadState before = ThreadState.of(qemu.pid(), vcpu.tid());
            VcpuControl control = VcpuControl.apply(vcpu, new VcpuControlContext().cpus(lastCpu()));
            killUndoProgramOf(vcpu);
            control.close();
            assertEquals(before, ThreadState.of(qemu.pid(), vcpu.tid()));
        }
    }

    @Test
    void withoutUndoProgramItsGuardTakesThePriorityBack() throws Exception {
        try (TinyQemu qemu = TinyQemu.start(folder, "-S")) {
            VcpuThread vcpu = qemu.vcpu(0);
            Native.vmrpc_set_scheduler(vcpu.tid(), 3, 0);
            int before = Native.vmrpc_get_scheduler(vcpu.tid());
            try (VcpuControl control = VcpuControl.apply(vcpu, new VcpuControlContext())) {
                assertEquals(ThreadState.fifo(80), Native.vmrpc_get_scheduler(vcpu.tid()));
                killUndoProgramOf(vcpu);
                while (Native.vmrpc_get_scheduler(vcpu.tid()) != before) {
                    Thread.sleep(5); // the class has a limit
                }
                assertThrows(VcpuControlException.class, control::awaitEnd);
            }
            assertEquals(before, Native.vmrpc_get_scheduler(vcpu.tid()));
        }
    }

    @Test
    void groupsGoAlsoIfUndoProgramAndVmHaveEnded() throws Exception {
        TinyQemu qemu = TinyQemu.start(folder, "-S");
        VcpuThread vcpu = qemu.vcpu(0);
        VcpuControl control = VcpuControl.apply(vcpu, new VcpuControlContext().cpus(lastCpu()));
        killUndoProgramOf(vcpu);
        qemu.close();
        control.close(); // what is left is seen after each test
    }

    @Test
    void aVmThatHasEndedIsNoError() throws Exception {
        TinyQemu qemu = TinyQemu.start(folder, "-S");
        VcpuThread vcpu = qemu.vcpu(0);
        try (VcpuControl control = VcpuControl.apply(vcpu, new VcpuControlContext().cpus(lastCpu()))) {
            assertTrue(control.isAlive());
            qemu.close();
            control.awaitEnd();
        }
        String refusal = assertThrows(VcpuControlException.class, () -> VcpuControl.apply(vcpu, new VcpuControlContext())).getMessage();
        assertTrue(refusal.contains("has ended"), refusal);
    }

    @Test
    void lockedMemoryIsSeenAndItsLimitLifted() throws Exception {
        try (TinyQemu qemu = TinyQemu.start(folder, "-S", "-overcommit", "mem-lock=on")) {
            long[] before = new long[2];
            long[] during = new long[2];
            long[] after = new long[2];
            Native.vmrpc_get_memlock(qemu.pid(), before);
            before[0] = 65536;
            assertEquals(0, Native.vmrpc_set_memlock(qemu.pid(), before[0], before[1]));
            try (VcpuControl control = VcpuControl.apply(qemu.vcpu(0), new VcpuControlContext().lockMemory(true))) {
                assertTrue(control.facts().stream().anyMatch(fact -> fact.contains("has locked")), control.facts().toString());
                Native.vmrpc_get_memlock(qemu.pid(), during);
                // above the hard limit needs CAP_SYS_RESOURCE, which root need not have in a container
                assertTrue(during[0] == -1 || during[0] == before[1], control.facts().toString());
            }
            Native.vmrpc_get_memlock(qemu.pid(), after);
            assertArrayEquals(before, after);
        }
    }

    @Test
    void memoryThatIsNotLockedIsRefused() throws Exception {
        try (TinyQemu qemu = TinyQemu.start(folder, "-S")) {
            VcpuThread vcpu = qemu.vcpu(0);
            ThreadState before = ThreadState.of(qemu.pid(), vcpu.tid());
            VcpuControlContext locking = new VcpuControlContext().lockMemory(true);
            String refusal = assertThrows(VcpuControlException.class, () -> VcpuControl.apply(vcpu, locking)).getMessage();
            assertTrue(refusal.contains("-overcommit mem-lock=on"), refusal);
            assertEquals(before, ThreadState.of(qemu.pid(), vcpu.tid()), "all or nothing");
        }
    }

    @Test
    void memoryOfAVmAloneInItsGroupIsKeptFromSwap() throws Exception {
        assumeTrue(TestGroup.has("memory", "memory.swappiness"), "the memory controller of cgroup v1 is not mounted");
        try (TestGroup group = new TestGroup("memory"); TinyQemu qemu = TinyQemu.start(folder, "-S")) {
            String swappiness = group.add(qemu).get("memory.swappiness");
            try (VcpuControl control = VcpuControl.apply(qemu.vcpu(0), new VcpuControlContext().lockMemory(true))) {
                assertEquals("0", group.get("memory.swappiness"), control.facts().toString());
            }
            assertEquals(swappiness, group.get("memory.swappiness"));
        }
    }
}
