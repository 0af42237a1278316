package io.vmrpc.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vmrpc.host.vcpu.VcpuControl;
import io.vmrpc.host.vcpu.VcpuControlContext;
import io.vmrpc.host.vcpu.VcpuThread;
import io.vmrpc.natives.CpuSet;
import io.vmrpc.natives.Native;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A thread id that Linux has given to somebody else meanwhile. The kernel is made to do so: proc(5), ns_last_pid. */
@Timeout(60)
class ThreadReuseTest {
    private static final Path LAST_PID = Path.of("/proc/sys/kernel/ns_last_pid");
    /** Other processes of the machine start meanwhile and take the number. */
    private static final int TRIES = 200;

    @Test
    void undoDoesNotTouchTheNextOwnerOfTheNumber() throws Exception {
        assumeTrue(Files.isWritable(LAST_PID), LAST_PID + " cannot be written");
        Process first = sleeper();
        int pid = (int) first.pid();
        CpuSet all = CpuSet.ofThread(pid);
        VcpuThread thread = new VcpuThread(0, pid, pid, startTime(pid), 0);
        Process second;
        try (VcpuControl control = VcpuControl.apply(thread, new VcpuControlContext().cpus(CpuSet.of(0)))) {
            first.destroyForcibly().waitFor();
            second = sleeperWithId(pid);
            assertFalse(control.isAlive(), "taken for the thread that has ended");
            assertEquals(ThreadState.ORDINARY, Native.vmrpc_get_scheduler(pid));
            assertEquals(0, Native.vmrpc_set_scheduler(pid, Native.SCHED_FIFO, 3));
            assertEquals(0, CpuSet.of(0).applyTo(pid));
        }
        try {
            assertEquals(ThreadState.fifo(3), Native.vmrpc_get_scheduler(pid));
            assertEquals(CpuSet.of(0), CpuSet.ofThread(pid), "before the control it had " + all);
        } finally {
            second.destroyForcibly().waitFor();
        }
    }

    private static Process sleeper() throws IOException {
        return new ProcessBuilder("sleep", "100").start();
    }

    private static Process sleeperWithId(int pid) throws IOException, InterruptedException {
        for (int i = 0; i < TRIES; i++) {
            Files.writeString(LAST_PID, Integer.toString(pid - 1));
            Process process = sleeper();
            if (process.pid() == pid) {
                return process;
            }
            process.destroyForcibly().waitFor();
        }
        assumeTrue(false, "the number " + pid + " did not come again in " + TRIES + " tries");
        throw new AssertionError();
    }

    private static long startTime(int pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19]);
    }
}
