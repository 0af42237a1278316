package io.vmrpc.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.host.vcpu.VcpuControl;
import io.vmrpc.host.vcpu.VcpuControlContext;
import io.vmrpc.host.vcpu.VcpuThread;
import io.vmrpc.natives.CpuSet;
import io.vmrpc.natives.Native;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real-time vCPU whose guest never stops computing, and one that does. */
@Timeout(60)
class NoFreezeTest {
    private static final int SECONDS = 4;
    /** What the guard or the kernel leaves is 5 %; nothing of the kind leaves 0. */
    private static final double LEAST = 0.01;
    /** The kernel's fair server and RT throttling both leave 5 %, the guard 20 % at a share of 80. */
    private static final double LEAST_OF_A_FIFTH = 0.1;

    @TempDir Path folder;

    @Test
    void ordinaryProcessesKeepAShareOfItsCpu() throws Exception {
        shareBeside(95, LEAST);
    }

    @Test
    void theGuardLeavesThemMoreThanTheKernelWould() throws Exception {
        List<String> notices = shareBeside(80, LEAST_OF_A_FIFTH);
        assertEquals(1, notices.size(), "once a minute: " + notices);
        assertTrue(notices.get(0).matches("vCPU 0 computed for \\d+ ms of the last second: ordinary threads get 20 % of its CPU; .*"), notices.get(0));
    }

    private List<String> shareBeside(int allowed, double least) throws Exception {
        int cpu = Runtime.getRuntime().availableProcessors() - 1;
        List<String> notices = new ArrayList<>(); // written by one thread, read when that has nothing more to say for a minute
        VcpuControlContext context = new VcpuControlContext().priority(80).cpus(CpuSet.of(cpu)).share(allowed).listener(notices::add);
        try (TinyQemu qemu = TinyQemu.start(folder); VcpuControl control = VcpuControl.apply(qemu.vcpu(0), context)) {
            int vcpu = qemu.vcpu(0).tid();
            Process ordinary = new ProcessBuilder("taskset", "-c", Integer.toString(cpu), "sh", "-c", "while :; do :; done").start();
            try {
                long start = System.nanoTime();
                long guestBefore = ticks(qemu.pid() + "/task/" + vcpu);
                long before = ticks(Long.toString(ordinary.pid()));
                Thread.sleep(TimeUnit.SECONDS.toMillis(SECONDS));
                double seconds = (System.nanoTime() - start) / 1e9;
                double share = (ticks(Long.toString(ordinary.pid())) - before) / 100.0 / seconds;
                double guest = (ticks(qemu.pid() + "/task/" + vcpu) - guestBefore) / 100.0 / seconds;
                System.out.printf("CPU %d, %.1f s: vCPU at SCHED_FIFO 80 that spins %.1f %%, an ordinary process %.1f %%; demoted %d times (%s)%n", cpu,
                        seconds, 100 * guest, 100 * share, control.demotions(), control.facts());
                assertTrue(guest > 0.5, "the vCPU does not spin: " + guest);
                assertTrue(share > least, "an ordinary process got " + share + " of the CPU");
            } finally {
                ordinary.destroyForcibly().waitFor();
            }
            return notices;
        }
    }

    @Test
    void aThreadThatSleepsInBetweenIsNotTouched() throws Exception {
        Path self = Files.readSymbolicLink(Path.of("/proc/thread-self")); // PID/task/TID
        int tid = Native.vmrpc_gettid();
        VcpuThread thread = new VcpuThread(0, Integer.parseInt(self.getName(0).toString()), tid, Long.parseLong(stat(self.toString())[19]), 0);
        VcpuControlContext context = new VcpuControlContext().priority(80).share(80);
        try (VcpuControl control = VcpuControl.apply(thread, context)) {
            for (long start = System.nanoTime(); System.nanoTime() - start < TimeUnit.SECONDS.toNanos(SECONDS);) {
                long spell = System.nanoTime();
                while (System.nanoTime() - spell < TimeUnit.MILLISECONDS.toNanos(500)) {
                    Thread.onSpinWait();
                }
                assertEquals(ThreadState.fifo(80), Native.vmrpc_get_scheduler(tid));
                Thread.sleep(250); // at most 75 % of any second
            }
            assertEquals(0, control.demotions());
        }
    }

    /** {@return CPU time so far in ticks of 10 ms: utime and stime, fields 14 and 15 of proc(5) stat} */
    private static long ticks(String task) throws IOException {
        return Long.parseLong(stat(task)[11]) + Long.parseLong(stat(task)[12]);
    }

    /** {@return the fields from the third on} */
    private static String[] stat(String task) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + task + "/stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    }
}
