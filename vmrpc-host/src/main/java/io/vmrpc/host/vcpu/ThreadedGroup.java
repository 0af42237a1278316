package io.vmrpc.host.vcpu;

import io.vmrpc.natives.CpuSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A threaded group of version 2 for one thread, below the group of its process, which thereby becomes a threaded domain:
 * Documentation/admin-guide/cgroup-v2, "Threads". Memory and I/O stay with the process.
 */
final class ThreadedGroup {
    private static final String CONTROL = "cgroup.subtree_control";
    private final ThreadGroups groups;

    ThreadedGroup(final ThreadGroups groups) {
        this.groups = groups;
    }

    void make(final Cgroup former) throws IOException {
        final CpuSet cpus = groups.context().cpus();
        final boolean hasQuota = former.hasQuota();
        if (cpus.isEmpty() && !hasQuota) {
            return;
        }
        final boolean hasCpuset = !cpus.isEmpty() && offers(former, "cpuset");
        if (hasCpuset) {
            checkAllowed(former, cpus);
        }
        final List<String> controllers = new ArrayList<>();
        if (hasCpuset) {
            controllers.add("cpuset");
        }
        if (hasQuota && offers(former, "cpu")) { // else left out: a kernel with RT_GROUP_SCHED allows no real-time thread in such a group
            controllers.add("cpu");
        }
        final Cgroup group = create(former, controllers);
        if (hasCpuset) {
            ProcFiles.write(group.file("cpuset.cpus"), cpus.toString());
            if (groups.context().isIsolated()) {
                isolate(group);
            }
        }
        groups.move(former, group, "cgroup.threads");
        tell(group, former, hasCpuset, hasQuota);
    }

    private void tell(final Cgroup group, final Cgroup former, final boolean hasCpuset, final boolean hasQuota) {
        final CpuSet cpus = groups.context().cpus();
        groups.say("threaded cgroup " + group + (hasCpuset ? ": CPUs " + cpus : "") + (group.has("cpu.max") ? ", no quota of its own" : ""));
        if (!cpus.isEmpty() && !hasCpuset) {
            groups.say("no cpuset: " + former + " has no cpuset controller (systemd: Delegate=cpuset cpu); the affinity alone holds the thread");
        }
        if (hasQuota) {
            groups.say("the quota above " + former + " stays: it concerns ordinary threads only");
        }
    }

    private static void checkAllowed(final Cgroup former, final CpuSet cpus) throws IOException {
        final CpuSet allowed = CpuSet.parse(former.read("cpuset.cpus.effective"));
        if (!allowed.contains(cpus)) {
            throw new VcpuControlException("CPUs " + cpus + " are not all in cgroup " + former + " (" + allowed +
                "): choose from those, or widen its cpuset.cpus (systemd: AllowedCPUs=)");
        }
    }

    /** The group first becomes threaded, since a group with threads in it may then have controllers for its children. */
    private Cgroup create(final Cgroup former, final List<String> controllers) throws IOException {
        final List<String> enabled = words(former.read(CONTROL));
        final boolean hasSibling = former.children().stream().anyMatch(ThreadGroups::isOurs);
        final List<String> wanted = controllers.stream().map(each -> "+" + each).toList();
        for (final String each : controllers) {
            if (!enabled.contains(each) || hasSibling) { // whoever removes the last group of ours disables what the first enabled
                groups.undo().before("disable", former.toString(), "-" + each); // told before create(): done after the group is removed
            }
        }
        final Cgroup group = groups.create(former);
        try {
            if (!group.read("cgroup.type").equals("threaded")) {
                ProcFiles.write(group.file("cgroup.type"), "threaded");
            }
            if (!enabled.containsAll(controllers)) {
                ProcFiles.write(former.file(CONTROL), String.join(" ", wanted));
            }
        } catch (final IOException e) {
            throw new VcpuControlException("cgroup " + former + " cannot have a threaded group (" + e.getMessage() +
                "): domain controllers in its cgroup.subtree_control forbid it; give QEMU a group of its own, or go without (--cgroup none)", e);
        }
        return group;
    }

    /** The kernel accepts the word in any case, and says afterwards what became of it. */
    private void isolate(final Cgroup group) throws IOException {
        final String file = "cpuset.cpus.partition";
        if (!group.has(file)) {
            throw new VcpuControlException("this kernel has no cpuset partitions: boot with isolcpus= instead");
        }
        ProcFiles.write(group.file(file), "isolated");
        final String state = group.read(file);
        if (!state.equals("isolated")) {
            throw new VcpuControlException("no isolated partition in " + group + ", the kernel says: " + state +
                "; give the groups above cpuset.cpus.exclusive (Linux 6.7), or boot with isolcpus= instead");
        }
        groups.say("CPUs " + groups.context().cpus() + " are an isolated partition");
    }

    private static boolean offers(final Cgroup group, final String controller) throws IOException {
        return words(group.read("cgroup.controllers")).contains(controller);
    }

    private static List<String> words(final String text) {
        return Arrays.asList(text.split(" "));
    }
}
