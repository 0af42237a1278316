package io.vmrpc.doctor;

import io.vmrpc.guest.GuestKernel.Lack;
import io.vmrpc.natives.CpuSet;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kernel itself: preemption, throttling, clock, watchdogs, system calls. */
final class KernelChecks {
    private static final Pattern CHOSEN = Pattern.compile("\\((\\w+)\\)"); // /sys/kernel/debug/sched/preempt: none voluntary (full)
    private static final String RT_KERNEL = "boot a PREEMPT_RT kernel (Debian: apt-get install linux-image-rt-amd64)";
    private static final String DEBUGFS = "as root: mount -t debugfs none /sys/kernel/debug";

    private KernelChecks() {}

    static Finding flavour(Machine machine) {
        Reading version = machine.read("proc/version");
        if (!version.isKnown()) {
            return version.unknown("mount proc");
        }
        if (isRealTime(machine)) {
            return Finding.ok(machine.release() + ", PREEMPT_RT");
        }
        String mode = preemption(machine, version.text());
        return mode.equals("full")
                ? Finding.warning(machine.release() + ", preemptible but without PREEMPT_RT: rare long delays remain", RT_KERNEL)
                : Finding.warning(machine.release() + ", preemption " + mode + ": the kernel's own work delays real-time threads",
                        version.text().contains("PREEMPT_DYNAMIC") ? RT_KERNEL + ", or add preempt=full to the kernel's command line" : RT_KERNEL);
    }

    private static String preemption(Machine machine, String version) {
        Reading debug = machine.read("sys/kernel/debug/sched/preempt");
        Matcher chosen = CHOSEN.matcher(debug.isKnown() ? debug.text() : "");
        if (chosen.find()) {
            return chosen.group(1);
        }
        if (!version.contains("PREEMPT_DYNAMIC")) {
            return version.contains("PREEMPT") ? "full" : "none or voluntary";
        }
        KernelConfig config = machine.config();
        return machine.word("preempt").orElse(config.has("CONFIG_PREEMPT_NONE") ? "none" : config.has("CONFIG_PREEMPT_VOLUNTARY") ? "voluntary"
                : config.has("CONFIG_PREEMPT_LAZY") ? "lazy" : config.has("CONFIG_PREEMPT") ? "full" : "dynamic, of a mode that cannot be read");
    }

    static Finding throttling(Machine machine) {
        Reading runtime = machine.read("proc/sys/kernel/sched_rt_runtime_us");
        if (!runtime.isKnown()) {
            return runtime.unknown();
        }
        if (machine.isGuest()) {
            return machine.guestKernel().throttling().map(KernelChecks::problem).orElseGet(() -> Finding.ok("off: parked time does not count"));
        }
        return switch (runtime.text()) {
            case "-1" -> Finding.warning("off: a guest thread that spins takes its host CPU from everything else",
                    "sysctl -w kernel.sched_rt_runtime_us=950000, unless that CPU is isolated");
            case "0" -> Finding.problem("kernel.sched_rt_runtime_us is 0: no thread may be real-time", "sysctl -w kernel.sched_rt_runtime_us=950000");
            default -> Finding.ok("kernel.sched_rt_runtime_us is " + runtime.text() + ": ordinary processes keep their share");
        };
    }

    static Finding fairServer(Machine machine) {
        if (!machine.release().isEmpty() && !machine.isAtLeast(6, 12)) {
            return withoutFairServer(machine);
        }
        String folder = "sys/kernel/debug/sched/fair_server/cpu" + Math.max(0, machine.cpus().first());
        Reading runtime = machine.read(folder + "/runtime");
        Reading period = machine.read(folder + "/period");
        if (!runtime.isKnown() || !period.isKnown()) {
            return runtime.unknown(DEBUGFS);
        }
        if (runtime.is("0")) {
            return machine.isGuest() ? Finding.ok("off")
                    : Finding.warning("off: ordinary threads of a CPU wait for its real-time threads for ever", "echo 50000000 >" + runtime.file());
        }
        return Finding.ok("ordinary threads get " + runtime.text() + " ns of each " + period.text() + " ns if real-time threads leave them none");
    }

    private static Finding withoutFairServer(Machine machine) {
        String found = machine.release() + " has none (6.12 brought it)";
        return machine.isGuest() ? Finding.ok(found)
                : !isRealTime(machine) ? Finding.ok(found + "; RT throttling stands for it")
                : Finding.warning(found + ", and RT throttling stops a PREEMPT_RT kernel's own threads as well: a guest that spins can freeze this host",
                        "schedule vCPUs with ./vmrpc vcpu, whose guard (--share) prevents that; else run only guests that park or sleep, or boot a kernel of 6.12 or later");
    }

    private static boolean isRealTime(Machine machine) {
        Reading version = machine.read("proc/version");
        return machine.read("sys/kernel/realtime").is("1") || version.isKnown() && version.text().contains("PREEMPT_RT");
    }

    static Finding clocksource(Machine machine) {
        Reading current = machine.read("sys/devices/system/clocksource/clocksource0/current_clocksource");
        if (!current.isKnown()) {
            return current.unknown();
        }
        if (machine.isGuest()) {
            return !current.is("tsc") ? Finding.problem(current.text() + ": host deadlines cannot be kept, bind is refused",
                    "boot the guest with clocksource=tsc tsc=reliable")
                    : machine.word("tsc").isEmpty() ? Finding.warning("tsc, but the kernel's watchdog may distrust it later", "boot the guest with tsc=reliable")
                    : Finding.ok("tsc, reliable");
        }
        return current.is("tsc") ? Finding.ok("tsc")
                : Finding.warning(current.text() + ": each look at the clock is slow, and guests cannot follow it",
                        "boot with clocksource=tsc tsc=reliable, if the CPU's tsc is invariant (constant_tsc nonstop_tsc in /proc/cpuinfo)");
    }

    static Finding watchdog(Machine machine) {
        Reading on = machine.read("proc/sys/kernel/watchdog");
        if (machine.isGuest()) {
            return on.isKnown() || machine.word("nowatchdog").isPresent()
                    ? machine.guestKernel().watchdog().map(lack -> Finding.warning(lack.found(), lack.remedy())).orElseGet(() -> Finding.ok("off"))
                    : noWatchdog(machine, on);
        }
        if (!on.isKnown()) {
            return noWatchdog(machine, on);
        }
        CpuSet watched = CpuSet.parseOrEmpty(Optional.ofNullable(machine.read("proc/sys/kernel/watchdog_cpumask").content()).orElse(""));
        CpuSet cpus = machine.cpus();
        return on.is("0") ? Finding.ok("off")
                : !cpus.isEmpty() && cpus.stream().noneMatch(watched::contains) ? Finding.ok("not on " + Machine.words(cpus))
                : Finding.warning("it runs a real-time thread on every CPU it watches (" + watched + ")",
                        cpus.isEmpty() ? "sysctl -w kernel.watchdog=0" : "sysctl -w kernel.watchdog_cpumask=" + watched.without(cpus) + ", or kernel.watchdog=0");
    }

    private static Finding noWatchdog(Machine machine, Reading on) {
        return machine.lacks(on, "proc/sys/kernel") ? Finding.ok("this kernel has no lockup watchdog") : on.unknown();
    }

    static Finding falseAlarms(Machine machine) {
        Reading hung = machine.read("proc/sys/kernel/hung_task_timeout_secs");
        Reading stall = machine.read("sys/module/rcupdate/parameters/rcu_cpu_stall_suppress");
        if (!stall.isKnown()) {
            return stall.unknown();
        }
        boolean reportsHung = !hung.isAbsent() && !hung.is("0");
        if (!reportsHung && !stall.is("0")) {
            return Finding.ok("a parked CPU raises no alarm");
        }
        return Finding.warning("the kernel may report a parked CPU as stalled", (reportsHung ? "sysctl -w kernel.hung_task_timeout_secs=0" : "")
                + (reportsHung && stall.is("0") ? "; " : "") + (stall.is("0") ? "echo 1 >" + stall.file() : ""));
    }

    static Finding futexWaitv(Machine machine) {
        return machine.release().isEmpty() ? Finding.unknown("the kernel's version cannot be read", "mount proc")
                : machine.isAtLeast(5, 16) ? Finding.ok("there since 5.16: QEMU's kicks end parks at once")
                : Finding.warning(machine.release() + " has none: a park looks for QEMU's kicks every millisecond", "boot a kernel of 5.16 or later");
    }

    static Finding lockdown(Machine machine) {
        Reading state = machine.read("sys/kernel/security/lockdown");
        if (!state.isKnown()) {
            return machine.config().lacks("CONFIG_SECURITY_LOCKDOWN_LSM") ? Finding.ok("this kernel has none")
                    : state.unknown("as root: mount -t securityfs none /sys/kernel/security");
        }
        return state.text().contains("[none]") ? Finding.ok("off")
                : machine.isGuest() ? Finding.problem("on (" + state.text() + "): the region's device and the port of the hypercall are closed",
                        "switch Secure Boot off for this guest, or boot it with lockdown=none")
                : Finding.ok("on (" + state.text() + "); a host's agent needs nothing that it forbids");
    }

    static Finding problem(Lack lack) {
        return Finding.problem(lack.found(), lack.remedy());
    }
}
