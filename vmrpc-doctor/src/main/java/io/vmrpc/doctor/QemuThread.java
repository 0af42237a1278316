package io.vmrpc.doctor;

import io.vmrpc.natives.CpuSet;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A thread of a running QEMU.
 *
 * @param vcpu number of the vCPU that it runs, or -1
 * @param policy of its scheduling, as in sched.h
 * @param priority of real-time scheduling, 0 for others
 * @param cpus that it may run on
 */
record QemuThread(int tid, int vcpu, int policy, int priority, CpuSet cpus) {
    private static final int SCHED_FIFO = 1;
    private static final int SCHED_RR = 2;
    private static final int SCHED_DEADLINE = 6;
    private static final Pattern NAME = Pattern.compile("CPU (\\d{1,4})/.*"); // with -name ...,debug-threads=on
    private static final Pattern ALLOWED = Pattern.compile("(?m)^Cpus_allowed_list:\\s*(\\S+)");

    static Optional<QemuThread> read(KernelTree tree, String folder) {
        Reading stat = tree.read(folder + "/stat");
        if (!stat.isKnown()) {
            return Optional.empty(); // it has ended
        }
        Matcher name = NAME.matcher(Optional.ofNullable(tree.read(folder + "/comm").content()).orElse(""));
        Matcher allowed = ALLOWED.matcher(Optional.ofNullable(tree.read(folder + "/status").content()).orElse(""));
        String[] fields = stat.text().substring(stat.text().lastIndexOf(')') + 1).strip().split(" "); // from field 3 of proc(5)
        if (fields.length < 39) {
            return Optional.empty();
        }
        return Optional.of(new QemuThread(Integer.parseInt(folder.substring(folder.lastIndexOf('/') + 1)),
                name.matches() ? Integer.parseInt(name.group(1)) : -1, Integer.parseInt(fields[38]), Integer.parseInt(fields[37]),
                CpuSet.parseOrEmpty(allowed.find() ? allowed.group(1) : "")));
    }

    QemuThread withVcpu(int number) {
        return new QemuThread(tid, number, policy, priority, cpus);
    }

    boolean isRealTime() {
        return policy == SCHED_FIFO || policy == SCHED_RR || policy == SCHED_DEADLINE;
    }

    String scheduling() {
        return switch (policy) {
            case SCHED_FIFO -> "SCHED_FIFO " + priority;
            case SCHED_RR -> "SCHED_RR " + priority;
            case SCHED_DEADLINE -> "SCHED_DEADLINE";
            default -> "no real-time priority";
        };
    }
}
