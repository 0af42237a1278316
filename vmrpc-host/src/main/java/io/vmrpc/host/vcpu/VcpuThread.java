package io.vmrpc.host.vcpu;

import com.fasterxml.jackson.databind.JsonNode;
import io.vmrpc.host.qmp.QmpClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;

/**
 * The host thread that executes one vCPU of a running QEMU. Its number alone would not do: Linux gives it to another thread some
 * time after this one has ended, so the start time belongs to its identity.
 *
 * @param index of the vCPU, QEMU's {@code cpu-index}.
 * @param pid of QEMU.
 * @param tid of the thread.
 * @param startTime of the thread, in ticks since boot: field 22 of {@code /proc/PID/task/TID/stat}, proc(5).
 * @param memoryBytes of the guest, at power-on.
 */
public record VcpuThread(int index, int pid, int tid, long startTime, long memoryBytes) {
    /**
     * Asks QEMU for the thread of a vCPU.
     *
     * @param qmp QEMU's monitor; it is not needed afterwards.
     * @param index of the vCPU.
     * @return its thread.
     * @throws VcpuControlException if there is no such vCPU, or it has no thread of its own, or QEMU is in another PID namespace.
     * @throws IOException if QEMU does not answer.
     */
    public static VcpuThread find(final QmpClient qmp, final int index) throws IOException {
        final TreeMap<Integer, Integer> threads = new TreeMap<>();
        qmp.execute("query-cpus-fast").forEach(cpu -> threads.put(cpu.path("cpu-index").asInt(), cpu.path("thread-id").asInt()));
        final Integer tid = threads.get(index);
        if (tid == null) {
            throw new VcpuControlException("vCPU " + index + " does not exist: this VM has " + (threads.size() == 1 ? "vCPU " : "vCPUs ") + range(threads));
        }
        if (threads.values().stream().filter(tid::equals).count() > 1) {
            throw new VcpuControlException("the vCPUs of this VM share thread " + tid + ": start QEMU with -accel kvm or -accel tcg,thread=multi");
        }
        final JsonNode memory = qmp.execute("query-memory-size-summary");
        return of(index, tid, memory.path("base-memory").asLong());
    }

    private static String range(final TreeMap<Integer, Integer> threads) {
        final boolean isDense = threads.lastKey() - threads.firstKey() == threads.size() - 1;
        if (threads.size() == 1 || !isDense) {
            return threads.keySet().toString().replaceAll("[\\[\\]]", "");
        }
        return threads.firstKey() + " to " + threads.lastKey();
    }

    private static VcpuThread of(final int index, final int tid, final long memoryBytes) throws IOException {
        final int pid = processOf(tid);
        if (pid < 0) {
            throw new VcpuControlException("QEMU says that vCPU " + index + " is thread " + tid +
                ", which is no thread of a QEMU here: run this where QEMU runs, in its PID namespace");
        }
        return new VcpuThread(index, pid, tid, startTime(pid, tid), memoryBytes);
    }

    /** -1 if there is no such thread, or its program's name is not one of QEMU's: then the number comes from another PID namespace. */
    private static int processOf(final int tid) throws IOException {
        final Path status = Path.of("/proc", Integer.toString(tid), "status");
        if (!Files.exists(status)) {
            return -1;
        }
        final int pid = Integer.parseInt(ProcFiles.field(status, "Tgid:"));
        final String arguments = Files.readString(Path.of("/proc", Integer.toString(pid), "cmdline"));
        return arguments.split("\0", 2)[0].matches(".*(qemu|kvm).*") ? pid : -1;
    }

    /**
     * Whether the thread still runs. A thread that got its number later is another one.
     *
     * @return false once the vCPU was unplugged or QEMU has ended.
     */
    public boolean isAlive() {
        try {
            return startTime(pid, tid) == startTime;
        } catch (final IOException e) {
            return false;
        }
    }

    static long startTime(final int pid, final int tid) throws IOException {
        final String stat = Files.readString(Path.of("/proc/" + pid + "/task/" + tid + "/stat"));
        // the name in field 2 may hold anything, also blanks and ')'; field 3 follows the last ')'
        return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[22 - 3]);
    }
}
