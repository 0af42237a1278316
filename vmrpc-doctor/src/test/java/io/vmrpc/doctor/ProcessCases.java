package io.vmrpc.doctor;

import static io.vmrpc.doctor.Case.guest;
import static io.vmrpc.doctor.Case.host;
import static io.vmrpc.doctor.FakeTree.CPU;
import static io.vmrpc.doctor.Level.OK;
import static io.vmrpc.doctor.Level.PROBLEM;
import static io.vmrpc.doctor.Level.WARNING;

import io.vmrpc.layout.HeaderDescriptor;
import io.vmrpc.layout.Protocol;
import java.util.List;
import java.util.function.UnaryOperator;

/** Rows about limits, privileges, power and memory. */
final class ProcessCases {
    private static final UnaryOperator<FakeTree> GOOD = UnaryOperator.identity();
    private static final String SHELL = "sys/fs/cgroup/user.slice/shell/";
    private static final String MOUNTS = "31 23 0:28 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n32 23 0:29 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset";

    private ProcessCases() {}

    /** Version 1, as where RT_GROUP_SCHED rations. */
    private static UnaryOperator<FakeTree> first(String file, String text) {
        return tree -> tree.file("proc/self/mountinfo", MOUNTS).file("proc/self/cgroup", "2:cpuset:/a\n1:cpu,cpuacct:/a/b")
                .file("sys/fs/cgroup/cpuset/a/cpuset.cpus", "0-1").file("sys/fs/cgroup/" + file, text);
    }

    static final List<Case> ALL = List.of(
            guest("cgroup-rt", GOOD, OK, "no group rations", ""),
            guest("cgroup-rt", first("cpu/a/b/cpu.rt_runtime_us", "0"), PROBLEM, "SCHED_FIFO fails with EPERM", "/sys/fs/cgroup/cpu/a/b/cpu.rt_runtime_us"),
            guest("cgroup-rt", first("cpu/a/b/cpu.rt_runtime_us", "950000"), OK, "950000", ""),
            host("cgroup-rt", tree -> first("cpu/vcpu1/cpu.rt_runtime_us", "0").apply(tree).file("proc/4242/task/4244/cgroup", "1:cpu:/vcpu1").file("proc/self/cgroup", "1:cpu:/"),
                    WARNING, "QEMU 4242 (guest1) vCPU 1: cpu.rt_runtime_us of the group is 0", "./vmrpc vcpu gives the thread"),
            guest("cgroup-rt", first("cpu/a/b/cpu.shares", "1024"), OK, "does not ration", ""),
            guest("cgroup-rt", first("cpu/a/b/cpu.rt_runtime_us/x", ""), WARNING, "unknown", "root"),
            host("cgroup-rt", tree -> tree.file(SHELL + "cpu.max", "max 100000").file("boot/config-6.12.1-rt-amd64", "CONFIG_RT_GROUP_SCHED=y"), PROBLEM, "RT_GROUP_SCHED", "rt_group_sched=0"),
            host("cgroup-rt", tree -> tree.file(SHELL + "cpu.max", "max 100000").file("boot/config-6.12.1-rt-amd64", "CONFIG_SMP=y"), OK, "no group rations", ""),
            host("cgroup-rt", tree -> tree.file(SHELL + "cpu.max", "max 100000"), WARNING, "unknown", "EPERM"),
            guest("cgroup-rt", tree -> tree.absent("proc/self/cgroup"), WARNING, "unknown", "mount"),

            guest("cgroup-quota", GOOD, OK, "no quota", ""),
            guest("cgroup-quota", tree -> tree.file("sys/fs/cgroup/user.slice/cpu.max", "50000 100000"), WARNING, "50000 100000", "echo max >/sys/fs/cgroup/user.slice/cpu.max"),
            guest("cgroup-quota", first("cpu/a/cpu.cfs_quota_us", "20000"), WARNING, "20000", "echo -1 >/sys/fs/cgroup/cpu/a/cpu.cfs_quota_us"),
            guest("cgroup-quota", first("cpu/a/cpu.cfs_quota_us", "-1"), OK, "no quota", ""),
            guest("cgroup-quota", tree -> tree.file("proc/self/mountinfo", ""), OK, "no cpu controller is mounted", ""),
            host("cgroup-quota", tree -> tree.file("sys/fs/cgroup/machine.slice/cpu.max", "1000 100000"), WARNING, "QEMU 4242 (guest1) vCPU 1", "machine.slice/cpu.max"),

            guest("cgroup-quota", tree -> tree.file("proc/self/mountinfo", "31 23 0:28 /pod /sys/fs/cgroup rw - cgroup2 cgroup2 rw"), WARNING, "is not visible below", "outside the container"),

            guest("cpuset", GOOD, OK, "allows CPUs 0-1", ""),
            guest("cpuset", tree -> tree.file(SHELL + "cpuset.cpus.effective", "0"), PROBLEM, "not CPU 1", "/sys/fs/cgroup/user.slice/shell/cpuset.cpus"),
            guest("cpuset", first("cpuset/a/cpuset.cpus", "0"), PROBLEM, "not CPU 1", "/sys/fs/cgroup/cpuset/a/cpuset.cpus"),
            guest("cpuset", tree -> tree.unreadable(SHELL + "cpuset.cpus.effective"), WARNING, "unknown", "root"),

            host("timer-slack", GOOD, OK, "50000 ns", ""),
            host("timer-slack", tree -> tree.file("proc/self/timerslack_ns", "4000000"), WARNING, "4000000 ns", "TimerSlackNSec"),
            host("timer-slack", tree -> tree.unreadable("proc/self/timerslack_ns"), WARNING, "unknown", "root"),

            host("idle-states", GOOD, OK, "no driver", ""),
            host("idle-states", idle("2"), OK, "2 us", ""),
            host("idle-states", idle("600"), WARNING, "state C6 takes 600 us to leave (/dev/cpu_dma_latency cannot be read", "intel_idle.max_cstate=1"),
            host("idle-states", tree -> idle("600").apply(tree).file("dev/cpu_dma_latency", "\0\0\0\0"), OK, "held at 0 us", ""),
            host("idle-states", tree -> idle("600").apply(tree).words("idle=poll"), OK, "idle=poll", ""),
            host("idle-states", tree -> tree.unreadable(CPU + "cpuidle/current_driver"), WARNING, "unknown", "root"),

            host("frequency", GOOD, OK, "nothing scales", ""),
            host("frequency", tree -> tree.file(CPU + "cpu1/cpufreq/scaling_governor", "performance"), OK, "performance", ""),
            host("frequency", tree -> tree.file(CPU + "cpu1/cpufreq/scaling_governor", "powersave"), WARNING, "powersave", "cpupower"),

            guest("rt-privilege", GOOD, OK, "CAP_SYS_NICE", ""),
            guest("rt-privilege", tree -> tree.privileges("0", "64", "0"), PROBLEM, "RLIMIT_RTPRIO is 0", "CAP_SYS_NICE"),
            guest("rt-privilege", tree -> tree.privileges("0", "64", "90"), OK, "RLIMIT_RTPRIO is 90", ""),
            host("rt-privilege", tree -> tree.privileges("0", "64", "0"), WARNING, "SCHED_FIFO is refused", "rtprio"),
            host("rt-privilege", tree -> tree.absent("proc/self/status"), WARNING, "unknown", "mount proc"),

            guest("locked-memory", GOOD, OK, "CAP_IPC_LOCK", ""),
            guest("locked-memory", tree -> tree.privileges("0", "unlimited", "0"), OK, "unlimited", ""),
            guest("locked-memory", tree -> tree.privileges("0", "65536", "0"), PROBLEM, "RLIMIT_MEMLOCK is 65536", "ulimit -l unlimited"),
            host("locked-memory", tree -> tree.privileges("0", "65536", "0"), WARNING, "mlockall is refused", "CAP_IPC_LOCK"),
            host("locked-memory", tree -> tree.absent("proc/self/status"), WARNING, "unknown", "mount proc"),

            guest("port-access", GOOD, OK, "CAP_SYS_RAWIO", ""),
            guest("port-access", tree -> tree.privileges("0", "64", "0"), OK, "entered by a NOP", ""),
            guest("port-access", tree -> tree.privileges("0", "64", "0").field(FakeTree.DEVICE + "resource2", HeaderDescriptor.INSTRUCTION, Protocol.INSTRUCTION_OUT),
                    PROBLEM, "connect is refused", "CAP_SYS_RAWIO"),
            guest("port-access", tree -> tree.privileges("0", "64", "0").field(FakeTree.DEVICE + "resource2", HeaderDescriptor.SHIM_EPOCH, 0),
                    WARNING, "under KVM", "CAP_SYS_RAWIO"),

            host("swap", GOOD, OK, "none", ""),
            host("swap", tree -> tree.file("proc/swaps", "Filename Type\n/swapfile file 1 0 -2"), WARNING, "1 area", "swapoff -a"),
            guest("swap", tree -> tree.absent("proc/swaps"), WARNING, "unknown", "mount"),

            host("huge-pages", GOOD, OK, "madvise", ""),
            host("huge-pages", tree -> tree.file("sys/kernel/mm/transparent_hugepage/enabled", "[always] madvise never"), WARNING, "khugepaged", "echo madvise"),
            host("huge-pages", tree -> tree.unreadable("sys/kernel/mm/transparent_hugepage/enabled"), WARNING, "unknown", "root"),

            host("compaction", GOOD, OK, "on demand", ""),
            host("compaction", tree -> tree.file("proc/sys/vm/compaction_proactiveness", "20"), WARNING, "is 20", "compaction_proactiveness=0"),
            host("compaction", tree -> tree.unreadable("proc/sys/vm/compaction_proactiveness"), WARNING, "unknown", "root"),

            host("page-merging", GOOD, OK, "off", ""),
            host("page-merging", tree -> tree.file("sys/kernel/mm/ksm/run", "1"), WARNING, "KSM merges", "echo 2 >/sys/kernel/mm/ksm/run"),
            host("page-merging", tree -> tree.unreadable("sys/kernel/mm/ksm/run"), WARNING, "unknown", "root"));

    private static UnaryOperator<FakeTree> idle(String latency) {
        String folder = CPU + "cpu1/cpuidle/state1/";
        return tree -> tree.file(CPU + "cpuidle/current_driver", "intel_idle").file(folder + "latency", latency).file(folder + "name", "C6");
    }
}
