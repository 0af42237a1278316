package io.vmrpc.host.vcpu;

import java.io.IOException;

/**
 * A group of the cpu controller, version 1, for one thread. A kernel with RT_GROUP_SCHED lets a group's threads be real-time only
 * if it has {@code cpu.rt_runtime_us}, and the children of a group share what it has: Documentation/scheduler/sched-rt-group.
 */
final class RealTimeGroup {
    private static final String RUNTIME = "cpu.rt_runtime_us";
    private static final String PERIOD = "cpu.rt_period_us";
    private static final long SECOND_US = 1_000_000;
    private final ThreadGroups groups;

    RealTimeGroup(final ThreadGroups groups) {
        this.groups = groups;
    }

    /** Makes it if the thread's group forbids real-time threads or has a quota; below the nearest group that has neither fault. */
    void make(final Cgroup former) throws IOException {
        final boolean isForbidden = former.has(RUNTIME) && former.number(RUNTIME) == 0;
        if (!isForbidden && !former.hasQuota()) {
            return;
        }
        Cgroup parent = former;
        while (parent.hasQuota() || parent.has(RUNTIME) && left(parent) < Math.max(1000, groups.context().rtRuntimeUs())) {
            if (parent.isTop()) {
                refuse(former, parent, isForbidden);
                return;
            }
            parent = parent.parent();
        }
        final Cgroup group = groups.create(parent);
        String runtime = "";
        if (group.has(RUNTIME)) {
            final int wanted = groups.context().rtRuntimeUs();
            final long us = wanted > 0 ? wanted : Math.min(left(parent), VcpuControlContext.DEFAULT_RT_RUNTIME_US);
            ProcFiles.write(group.file(RUNTIME), Long.toString(us));
            runtime = ", " + us + " us of real time a second";
        }
        groups.move(former, group, "tasks");
        groups.say("cpu group " + group + ": no quota" + runtime);
    }

    private void refuse(final Cgroup former, final Cgroup top, final boolean isForbidden) throws IOException {
        if (isForbidden) {
            throw new VcpuControlException("cgroup " + former + " has " + RUNTIME + " 0, and the groups above it have only " + left(top) +
                " us of real time left: lower that of another group, or ask for less (--rt-runtime)");
        }
        groups.say("the quota above " + former + " stays: it concerns ordinary threads only");
    }

    /** What a new child can have, in microseconds of each second. */
    private static long left(final Cgroup group) throws IOException {
        long left = share(group);
        for (final Cgroup child : group.children()) {
            left -= share(child);
        }
        return left;
    }

    private static long share(final Cgroup group) throws IOException {
        final long runtime = group.number(RUNTIME);
        return runtime < 0 ? SECOND_US : runtime * SECOND_US / group.number(PERIOD);
    }
}
