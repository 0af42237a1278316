package io.vmrpc.system;

import io.vmrpc.natives.CpuSet;
import io.vmrpc.natives.Native;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a control may change of a thread.
 *
 * @param scheduling policy &lt;&lt; 8 | priority
 * @param cpus where it may run
 * @param groups its lines of /proc/PID/task/TID/cgroup
 */
record ThreadState(int scheduling, CpuSet cpus, List<String> groups) {
    static final int ORDINARY = Native.SCHED_OTHER << 8;

    static int fifo(int priority) {
        return Native.SCHED_FIFO << 8 | priority;
    }

    static ThreadState of(int pid, int tid) throws IOException {
        return new ThreadState(Native.vmrpc_get_scheduler(tid), CpuSet.ofThread(tid), Files.readAllLines(Path.of("/proc/" + pid + "/task/" + tid + "/cgroup")));
    }

    /** Of all threads of a QEMU. */
    static Map<Integer, ThreadState> of(TinyQemu qemu) throws IOException {
        return qemu.threads().stream().collect(Collectors.toMap(Function.identity(), tid -> unchecked(qemu.pid(), tid)));
    }

    private static ThreadState unchecked(int pid, int tid) {
        try {
            return of(pid, tid);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the path of its group in the hierarchy of version 1 that has the controller} */
    String group(String controller) {
        return groups.stream().filter(line -> List.of(line.split(":")[1].split(",")).contains(controller)).map(line -> line.split(":", 3)[2])
                .findFirst().orElse("");
    }
}
