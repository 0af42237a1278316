package io.vmrpc.system;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.vmrpc.host.vcpu.VcpuControl;
import io.vmrpc.host.vcpu.VcpuControlContext;
import io.vmrpc.natives.CpuSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real-time vCPU whose guest never stops computing. */
@Timeout(60)
class NoFreezeTest {
    private static final int SECONDS = 4;
    /** The kernel's fair server and RT throttling both leave 5 %; nothing of the kind leaves 0. */
    private static final double LEAST = 0.01;

    @Test
    void ordinaryProcessesKeepAShareOfItsCpu(@TempDir Path folder) throws Exception {
        assumeFalse(Files.exists(Path.of("/sys/kernel/realtime")), "a PREEMPT_RT host may stand still: docs/known-issues.md");
        int cpu = Runtime.getRuntime().availableProcessors() - 1;
        try (TinyQemu qemu = TinyQemu.start(folder);
                VcpuControl control = VcpuControl.apply(qemu.vcpu(0), new VcpuControlContext().priority(80).cpus(CpuSet.of(cpu)))) {
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
                System.out.printf("CPU %d, %.1f s: vCPU at SCHED_FIFO 80 that spins %.1f %%, an ordinary process %.1f %% (%s)%n", cpu, seconds, 100 * guest,
                        100 * share, control.facts());
                assertTrue(guest > 0.5, "the vCPU does not spin: " + guest);
                assertTrue(share > LEAST, "an ordinary process got " + share + " of the CPU");
            } finally {
                ordinary.destroyForcibly().waitFor();
            }
        }
    }

    /** {@return CPU time so far in ticks of 10 ms: utime and stime, fields 14 and 15 of proc(5) stat} */
    private static long ticks(String task) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + task + "/stat"));
        String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(words[11]) + Long.parseLong(words[12]);
    }
}
