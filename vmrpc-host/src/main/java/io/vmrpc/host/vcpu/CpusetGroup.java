package io.vmrpc.host.vcpu;

import io.vmrpc.natives.CpuSet;
import java.io.IOException;

/** A cpuset of version 1 for one thread: cpuset(7). */
final class CpusetGroup {
    private final ThreadGroups groups;

    CpusetGroup(final ThreadGroups groups) {
        this.groups = groups;
    }

    void make(final Cgroup former) throws IOException {
        final CpuSet cpus = groups.context().cpus();
        Cgroup parent = former;
        while (!allowed(parent).contains(cpus)) {
            if (parent.isTop()) {
                throw new VcpuControlException("CPUs " + cpus + " are not all in the topmost cpuset (" + allowed(parent) + "): choose from those");
            }
            parent = parent.parent();
        }
        final Cgroup group = groups.create(parent);
        ProcFiles.write(group.file("cpuset.mems"), parent.read("cpuset.effective_mems")); // a new group has none, and refuses threads
        ProcFiles.write(group.file("cpuset.cpus"), cpus.toString());
        groups.move(former, group, "tasks");
        groups.say("cpuset " + group + ": CPUs " + cpus);
    }

    private static CpuSet allowed(final Cgroup group) throws IOException {
        return CpuSet.parse(group.read("cpuset.effective_cpus"));
    }
}
