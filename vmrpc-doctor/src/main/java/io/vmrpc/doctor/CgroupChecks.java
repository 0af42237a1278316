package io.vmrpc.doctor;

import io.vmrpc.host.vcpu.Cgroup;
import io.vmrpc.natives.CpuSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Limits of control groups: those of this process, and on a host those of each QEMU with a region. */
final class CgroupChecks {
    private static final String SELF = "this process";

    private CgroupChecks() {}

    static List<Finding> realTimeShare(Machine machine) {
        return each(machine, "cpu", (who, group) -> isUnified(group) ? unifiedShare(machine, who, group) : share(machine, who, group));
    }

    private static Finding share(Machine machine, String who, Cgroup group) {
        Reading own = machine.read(name(group, "cpu.rt_runtime_us"));
        if (own.isAbsent()) {
            return Finding.ok(who + ": this kernel does not ration real-time threads by group");
        }
        if (!own.isKnown()) {
            return own.unknown();
        }
        if (!own.is("0")) {
            return Finding.ok(who + ": cpu.rt_runtime_us of the group is " + own.text());
        }
        String found = who + ": cpu.rt_runtime_us of the group is 0, so SCHED_FIFO fails with EPERM";
        String remedy = "echo 900000 >" + own.file() + " (groups above it first)";
        return who.equals(SELF) ? Finding.problem(found, remedy) : Finding.warning(found, "./vmrpc vcpu gives the thread a group with a share; by hand: " + remedy);
    }

    /** With RT_GROUP_SCHED a group of version 2 that has the cpu controller has no real-time share, and no file to give it one. */
    private static Finding unifiedShare(Machine machine, String who, Cgroup group) {
        boolean hasController = machine.tree().exists(name(group, "cpu.max"));
        if (group.isTop() || !hasController) {
            return Finding.ok(who + ": no group rations its real-time threads");
        }
        KernelConfig config = machine.config();
        if (!config.isKnown()) {
            return Finding.unknown(who + ": whether this kernel has RT_GROUP_SCHED (neither /proc/config.gz nor /boot/config-" + machine.release() + " is there)",
                    "if SCHED_FIFO fails with EPERM, move it to a group without the cpu controller");
        }
        return config.lacks("CONFIG_RT_GROUP_SCHED") || machine.word("rt_group_sched").filter("0"::equals).isPresent()
                ? Finding.ok(who + ": no group rations its real-time threads")
                : Finding.problem(who + ": this kernel rations real-time threads by group (RT_GROUP_SCHED), and " + group + " has no share",
                        "move it to a group without the cpu controller, or boot with rt_group_sched=0 (6.15 or later)");
    }

    static List<Finding> quota(Machine machine) {
        return each(machine, "cpu", (who, group) -> {
            for (Cgroup each : group.upwards().toList()) {
                Reading limit = machine.read(name(each, isUnified(group) ? "cpu.max" : "cpu.cfs_quota_us"));
                if (limit.isKnown() && !limit.text().startsWith("max") && !limit.text().startsWith("-1")) {
                    return Finding.warning(who + ": " + limit.file() + " is " + limit.text() + ", so its ordinary threads are stopped when it is used up",
                            isUnified(group) ? "echo max >" + limit.file() : "echo -1 >" + limit.file());
                }
                if (!limit.isKnown() && !limit.isAbsent()) {
                    return limit.unknown();
                }
            }
            return Finding.ok(who + ": no quota of CPU time");
        });
    }

    static List<Finding> cpuset(Machine machine) {
        return each(machine, "cpuset", (who, group) -> {
            CpuSet cpus = machine.cpus();
            Reading allowed = machine.read(name(group, isUnified(group) ? "cpuset.cpus.effective" : "cpuset.effective_cpus"));
            if (allowed.isAbsent() && !isUnified(group)) {
                allowed = machine.read(name(group, "cpuset.cpus"));
            }
            if (allowed.isAbsent() && isUnified(group)) {
                return Finding.ok(who + ": no cpuset binds it");
            }
            if (!allowed.isKnown()) {
                return allowed.unknown();
            }
            CpuSet closed = cpus.without(CpuSet.parseOrEmpty(allowed.text()));
            return closed.isEmpty() ? Finding.ok(who + ": its cpuset allows " + Machine.words(CpuSet.parseOrEmpty(allowed.text())))
                    : Finding.problem(who + ": its cpuset allows " + Machine.words(CpuSet.parseOrEmpty(allowed.text())) + ", not " + Machine.words(closed) + ": a thread cannot be pinned there",
                            "add them to " + group.file("cpuset.cpus") + " and to the groups above it");
        });
    }

    private static List<Finding> each(Machine machine, String controller, BiFunction<String, Cgroup, Finding> look) {
        List<Finding> findings = new ArrayList<>();
        findings.add(one(machine, "self", SELF, controller, look));
        for (RunningQemu qemu : QemuChecks.withRegion(machine)) {
            findings.add(chosen(machine, qemu).map(thread -> one(machine, qemu.pid() + "/task/" + thread.tid(), qemu.name() + " vCPU " + thread.vcpu(), controller, look))
                    .orElseGet(() -> one(machine, Integer.toString(qemu.pid()), qemu.name(), controller, look)));
        }
        return findings;
    }

    /** libvirt gives each vCPU's thread a group of its own. Unless the user named one, the last vCPU is looked at: the first takes the interrupts. */
    private static Optional<QemuThread> chosen(Machine machine, RunningQemu qemu) {
        int wanted = machine.target().vcpu();
        return machine.threads(qemu).stream().filter(thread -> thread.vcpu() >= 0 && (wanted < 0 || thread.vcpu() == wanted))
                .max(Comparator.comparingInt(QemuThread::vcpu));
    }

    private static Finding one(Machine machine, String process, String who, String controller, BiFunction<String, Cgroup, Finding> look) {
        Reading groups = machine.read("proc/" + process + "/cgroup");
        if (!groups.isKnown()) {
            return groups.unknown();
        }
        Reading mounts = machine.read("proc/self/mountinfo");
        if (!mounts.isKnown()) {
            return mounts.unknown();
        }
        try {
            List<String> lines = mounts.text().lines().toList();
            Optional<Cgroup> first = Cgroup.find(1, controller, lines, groups.text().lines().toList());
            Optional<Cgroup> group = first.isPresent() ? first : Cgroup.find(2, controller, lines, groups.text().lines().toList());
            return group.map(found -> look.apply(who, found)).orElseGet(() -> Finding.ok(who + ": no " + controller + " controller is mounted"));
        } catch (IOException e) {
            return Finding.unknown(who + ": " + e.getMessage(), "look from outside the container");
        }
    }

    private static boolean isUnified(Cgroup group) {
        return group.version() == 2;
    }

    private static String name(Cgroup group, String file) {
        return group.file(file).toString().substring(1);
    }
}
