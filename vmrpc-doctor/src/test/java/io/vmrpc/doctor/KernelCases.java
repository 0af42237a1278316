package io.vmrpc.doctor;

import static io.vmrpc.doctor.Case.guest;
import static io.vmrpc.doctor.Case.host;
import static io.vmrpc.doctor.FakeTree.CPU;
import static io.vmrpc.doctor.Level.OK;
import static io.vmrpc.doctor.Level.PROBLEM;
import static io.vmrpc.doctor.Level.WARNING;

import java.util.List;
import java.util.function.UnaryOperator;

/** Rows about the kernel and its CPUs. */
final class KernelCases {
    private static final UnaryOperator<FakeTree> GOOD = UnaryOperator.identity();
    private static final String LOCKDOWN = "sys/kernel/security/lockdown";
    private static final String CLOCK = "sys/devices/system/clocksource/clocksource0/current_clocksource";

    private KernelCases() {}

    private static UnaryOperator<FakeTree> version(String text) {
        return tree -> tree.absent("sys/kernel/realtime").file("proc/version", "Linux version " + text);
    }

    static final List<Case> ALL = List.of(
            host("kernel", GOOD, OK, "PREEMPT_RT", ""),
            guest("kernel", version("6.12.1 (x) #1 SMP PREEMPT_RT x"), OK, "6.12.1", ""),
            guest("kernel", version("6.1.0 (x) #1 SMP PREEMPT x"), WARNING, "without PREEMPT_RT", "linux-image-rt-amd64"),
            guest("kernel", version("6.1.0 (x) #1 SMP PREEMPT_DYNAMIC x"), WARNING, "cannot be read", "preempt=full"),
            host("kernel", version("6.1.0 (x) #1 SMP PREEMPT_DYNAMIC x").andThen(t -> t.file("sys/kernel/debug/sched/preempt", "none (voluntary) full"))::apply,
                    WARNING, "preemption voluntary", "preempt=full"),
            host("kernel", version("6.1.0 (x) #1 SMP PREEMPT_DYNAMIC x").andThen(t -> t.file("boot/config-6.1.0", "CONFIG_PREEMPT_NONE=y"))::apply,
                    WARNING, "preemption none", "preempt=full"),
            guest("kernel", tree -> tree.absent("proc/version"), WARNING, "unknown: /proc/version is absent", "mount proc"),

            host("isolation", GOOD, OK, "CPU 1", ""),
            host("isolation", tree -> tree.file(CPU + "isolated", ""), WARNING, "no CPU of this host", "isolcpus=managed_irq,domain,1 nohz_full=1 rcu_nocbs=1 irqaffinity=0"),
            host("isolation", tree -> tree.file(CPU + "isolated", "").target(null, new Monitor(FakeTree.QEMU, "7.2.0", java.util.Map.of(FakeTree.QEMU + 2, 1)), 1), WARNING,
                    "no CPU of this host", "isolcpus"),
            guest("isolation", GOOD, OK, "CPU 1", ""),
            guest("isolation", tree -> tree.file(CPU + "isolated", ""), PROBLEM, "no guest CPU is isolated", "isolcpus=nohz,domain,managed_irq,1 nohz_full=1"),
            guest("isolation", tree -> tree.file(CPU + "isolated", "").file(CPU + "online", "0"), PROBLEM, "has one CPU", "-smp 2"),
            guest("isolation", tree -> tree.unreadable(CPU + "isolated"), WARNING, "unknown: /sys/devices/system/cpu/isolated cannot be read", "root"),

            host("tick", GOOD, OK, "none on CPU 1", ""),
            host("tick", tree -> tree.file(CPU + "nohz_full", "(null)"), WARNING, "ticks on CPU 1", "nohz_full=1"),
            host("tick", tree -> tree.absent(CPU + "nohz_full"), WARNING, "no CONFIG_NO_HZ_FULL", "boot a kernel"),
            host("tick", tree -> tree.file(CPU + "isolated", "").thread(FakeTree.QEMU + 2, "CPU 1/TCG", 0, 0, "0-1")
                    .target(null, new Monitor(FakeTree.QEMU, "7.2.0", java.util.Map.of(FakeTree.QEMU + 2, 1)), 1), WARNING, "no CPU of its own", "./vmrpc vcpu"),
            guest("tick", GOOD, OK, "none on CPU 1", ""),
            guest("tick", tree -> tree.file(CPU + "nohz_full", "2-3"), WARNING, "keeps its scheduler tick", "nohz_full=1 rcu_nocbs=1"),
            guest("tick", tree -> tree.file(CPU + "isolated", ""), WARNING, "unknown: no real-time CPU", "--cpus"),

            host("rcu-callbacks", tree -> tree.file(CPU + "nohz_full", ""), OK, "away from CPU 1", ""),
            guest("rcu-callbacks", tree -> tree.words("quiet"), OK, "away from CPU 1", ""),
            guest("rcu-callbacks", tree -> tree.words("rcu_nocbs=0").file(CPU + "nohz_full", ""), WARNING, "run on CPU 1", "rcu_nocbs=1"),
            host("rcu-callbacks", tree -> tree.file(CPU + "isolated", ""), WARNING, "unknown", "--qmp"),

            host("interrupts", GOOD, OK, "none of 2", ""),
            guest("interrupts", tree -> tree.file("proc/irq/24/effective_affinity_list", "1"), WARNING, "interrupts 24 may go to CPU 1", "irqaffinity=0"),
            guest("interrupts", tree -> tree.unreadable("proc/irq/24/effective_affinity_list").unreadable("proc/irq/25/smp_affinity_list"), WARNING, "unknown", "root"),
            guest("interrupts", tree -> tree.file(CPU + "isolated", ""), WARNING, "unknown", "isolation"),

            host("siblings", GOOD, OK, "no other CPU shares the core of CPU 1", ""),
            host("siblings", tree -> tree.file(CPU + "cpu1/topology/thread_siblings_list", "1,3"), WARNING, "with CPU 3", "cpu3/online"),
            host("siblings", tree -> tree.absent(CPU + "cpu1/topology/thread_siblings_list"), WARNING, "unknown", "mount"),

            host("rt-throttling", GOOD, OK, "950000", ""),
            host("rt-throttling", tree -> tree.file("proc/sys/kernel/sched_rt_runtime_us", "-1"), WARNING, "spins", "=950000"),
            host("rt-throttling", tree -> tree.file("proc/sys/kernel/sched_rt_runtime_us", "0"), PROBLEM, "no thread may be real-time", "=950000"),
            guest("rt-throttling", GOOD, OK, "off", ""),
            guest("rt-throttling", tree -> tree.file("proc/sys/kernel/sched_rt_runtime_us", "950000"), PROBLEM, "parked time for run time", "sysctl -w kernel.sched_rt_runtime_us=-1"),
            guest("rt-throttling", tree -> tree.unreadable("proc/sys/kernel/sched_rt_runtime_us"), WARNING, "unknown", "root"),

            host("fair-server", GOOD, OK, "50000000 ns of each 1000000000", ""),
            host("fair-server", version("6.1.0 x"), OK, "RT throttling stands for it", ""),
            host("fair-server", version("6.1.0 x PREEMPT_RT"), WARNING, "can freeze this host", "6.12"),
            host("fair-server", tree -> tree.absent("sys/kernel/debug/sched/fair_server/cpu1/runtime"), WARNING, "unknown", "mount -t debugfs"),
            host("fair-server", fair("0"), WARNING, "wait for its real-time threads for ever", "fair_server/cpu1/runtime"),
            guest("fair-server", fair("0"), OK, "off", ""),
            guest("fair-server", version("6.18.0 x"), WARNING, "unknown", "mount -t debugfs"),

            host("watchdog", GOOD, OK, "off", ""),
            host("watchdog", tree -> tree.file("proc/sys/kernel/watchdog", "1"), WARNING, "watches (0-1)", "watchdog_cpumask=0"),
            host("watchdog", tree -> tree.file("proc/sys/kernel/watchdog", "1").file("proc/sys/kernel/watchdog_cpumask", "0"), OK, "not on CPU 1", ""),
            host("watchdog", tree -> tree.absent("proc/sys/kernel/watchdog"), OK, "no lockup watchdog", ""),
            guest("watchdog", GOOD, OK, "off", ""),
            guest("watchdog", tree -> tree.words("").file("proc/sys/kernel/watchdog", "1"), WARNING, "wakes every CPU", "kernel.watchdog=0"),
            guest("watchdog", tree -> tree.words("").unreadable("proc/sys/kernel/watchdog"), WARNING, "unknown", "root"),

            guest("false-alarms", GOOD, OK, "no alarm", ""),
            guest("false-alarms", tree -> tree.file("proc/sys/kernel/hung_task_timeout_secs", "120"), WARNING, "stalled", "hung_task_timeout_secs=0"),
            guest("false-alarms", tree -> tree.file("sys/module/rcupdate/parameters/rcu_cpu_stall_suppress", "0"), WARNING, "stalled", "echo 1 >/sys/module"),
            guest("false-alarms", tree -> tree.unreadable("sys/module/rcupdate/parameters/rcu_cpu_stall_suppress"), WARNING, "unknown", "root"),

            host("clocksource", GOOD, OK, "tsc", ""),
            host("clocksource", tree -> tree.file(CLOCK, "hpet"), WARNING, "hpet", "clocksource=tsc"),
            guest("clocksource", GOOD, OK, "tsc, reliable", ""),
            guest("clocksource", tree -> tree.words(""), WARNING, "may distrust it", "tsc=reliable"),
            guest("clocksource", tree -> tree.file(CLOCK, "kvm-clock"), PROBLEM, "bind is refused", "clocksource=tsc"),
            guest("clocksource", tree -> tree.absent(CLOCK), WARNING, "unknown", "mount"),

            host("lockdown", GOOD, OK, "off", ""),
            host("lockdown", tree -> tree.file(LOCKDOWN, "none [integrity] confidentiality"), OK, "needs nothing", ""),
            guest("lockdown", tree -> tree.file(LOCKDOWN, "none [integrity] confidentiality"), PROBLEM, "closed", "Secure Boot"),
            guest("lockdown", tree -> tree.absent(LOCKDOWN), WARNING, "unknown", "mount -t securityfs"),
            guest("lockdown", tree -> tree.absent(LOCKDOWN).file("boot/config-6.1.0-56-rt-amd64", "CONFIG_SMP=y"), OK, "has none", ""),

            host("futex-waitv", GOOD, OK, "5.16", ""),
            host("futex-waitv", version("5.15.0 x"), WARNING, "every millisecond", "5.16"),
            host("futex-waitv", tree -> tree.absent("proc/version"), WARNING, "unknown", "mount proc"));

    private static UnaryOperator<FakeTree> fair(String runtime) {
        return tree -> tree.file("proc/version", "Linux version 6.18.0 x").file("sys/kernel/debug/sched/fair_server/cpu1/runtime", runtime)
                .file("sys/kernel/debug/sched/fair_server/cpu1/period", "1000000000");
    }
}
