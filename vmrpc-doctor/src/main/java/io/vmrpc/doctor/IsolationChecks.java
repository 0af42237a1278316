package io.vmrpc.doctor;

import io.vmrpc.guest.GuestKernel.Lack;
import io.vmrpc.natives.CpuSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What else runs on the real-time CPUs. */
final class IsolationChecks {
    private IsolationChecks() {}

    static Finding isolation(Machine machine) {
        Reading isolated = machine.read("sys/devices/system/cpu/isolated");
        if (!isolated.isKnown()) {
            return isolated.unknown();
        }
        if (isolated.text().isEmpty() && machine.target().cpus() == null) {
            return machine.isGuest() ? noneInGuest(machine) : noneOnHost(machine);
        }
        CpuSet cpus = machine.cpus();
        CpuSet open = cpus.without(CpuSet.parseOrEmpty(isolated.text()));
        if (open.isEmpty()) {
            return Finding.ok(Machine.words(cpus));
        }
        Lack lack = machine.guestKernel().isolation(open.first()).orElseThrow();
        return machine.isGuest() ? Finding.warning(lack.found(), lack.remedy())
                : Finding.warning("not isolated: " + Machine.words(open), "boot with isolcpus=managed_irq,domain," + cpus);
    }

    private static Finding noneOnHost(Machine machine) {
        Reading online = machine.read("sys/devices/system/cpu/online");
        int last = CpuSet.parseOrEmpty(online.isKnown() ? online.text() : "").stream().max().orElse(0);
        return Finding.warning("no CPU of this host is isolated: other threads delay the real-time vCPU", last == 0 ? "use a host with a second CPU"
                : "for example for CPU " + last + ": boot with isolcpus=managed_irq,domain," + last + " nohz_full=" + last + " rcu_nocbs=" + last
                + " irqaffinity=" + others(machine, CpuSet.of(last)));
    }

    private static Finding noneInGuest(Machine machine) {
        Reading online = machine.read("sys/devices/system/cpu/online");
        if (online.is("0")) {
            return Finding.problem("this guest has one CPU: none can be kept for real-time threads", "give the VM two (-smp 2), and boot it with isolcpus");
        }
        Lack lack = machine.guestKernel().isolation(1).orElseThrow();
        return Finding.problem("no guest CPU is isolated: bind is refused unless VcpuContext.cpu names one",
                lack.remedy() + " nohz_full=1 rcu_nocbs=1 irqaffinity=0");
    }

    static Finding tick(Machine machine) {
        CpuSet cpus = machine.cpus();
        if (cpus.isEmpty()) {
            return nobodysCpu(machine);
        }
        Reading full = machine.read("sys/devices/system/cpu/nohz_full");
        if (machine.isGuest()) {
            return cpus.stream().mapToObj(machine.guestKernel()::tick).flatMap(Optional::stream).findFirst()
                    .map(lack -> Finding.warning(lack.found(), lack.remedy())).orElseGet(() -> Finding.ok("none on " + Machine.words(cpus)));
        }
        return full.isKnown() && CpuSet.parseOrEmpty(full.text()).contains(cpus) ? Finding.ok("none on " + Machine.words(cpus))
                : Finding.warning(full.isAbsent() ? "this kernel ticks on every CPU (it has no CONFIG_NO_HZ_FULL)" : "the scheduler ticks on " + Machine.words(cpus),
                        full.isAbsent() ? "boot a kernel with CONFIG_NO_HZ_FULL" : "boot with nohz_full=" + cpus);
    }

    static Finding rcuCallbacks(Machine machine) {
        CpuSet cpus = machine.cpus();
        if (cpus.isEmpty()) {
            return nobodysCpu(machine);
        }
        Reading full = machine.read("sys/devices/system/cpu/nohz_full");
        boolean areAway = machine.word("rcu_nocbs").filter(list -> list.equals("all") || CpuSet.parseOrEmpty(list).contains(cpus)).isPresent()
                || full.isKnown() && CpuSet.parseOrEmpty(full.text()).contains(cpus); // nohz_full implies it
        return areAway ? Finding.ok("away from " + Machine.words(cpus))
                : Finding.warning("RCU callbacks run on " + Machine.words(cpus), "boot with rcu_nocbs=" + cpus);
    }

    /** Interrupts that go to a real-time CPU; those of CPUs themselves (timers, IPIs) have no entry in /proc/irq. */
    static Finding interrupts(Machine machine) {
        CpuSet cpus = machine.cpus();
        if (cpus.isEmpty()) {
            return nobodysCpu(machine);
        }
        List<String> numbers = machine.tree().names("proc/irq").stream().filter(name -> name.matches("[0-9]+")).toList();
        List<String> there = new ArrayList<>();
        int known = 0;
        for (String number : numbers) {
            Reading target = machine.read("proc/irq/" + number + "/effective_affinity_list");
            if (!target.isKnown()) {
                target = machine.read("proc/irq/" + number + "/smp_affinity_list");
            }
            known += target.isKnown() ? 1 : 0;
            if (target.isKnown() && CpuSet.parseOrEmpty(target.text()).stream().anyMatch(cpus::contains)) {
                there.add(number);
            }
        }
        if (known == 0) {
            return Finding.unknown("/proc/irq shows no interrupt", "mount proc, run as root");
        }
        return there.isEmpty() ? Finding.ok("none of " + known + " goes to " + Machine.words(cpus))
                : Finding.warning("interrupts " + shorten(there) + " may go to " + Machine.words(cpus),
                        "boot with irqaffinity=" + others(machine, cpus) + ", or write other CPUs into /proc/irq/N/smp_affinity_list; stop irqbalance");
    }

    private static String shorten(List<String> numbers) {
        return numbers.size() <= 8 ? String.join(",", numbers) : String.join(",", numbers.subList(0, 8)) + " and " + (numbers.size() - 8) + " more";
    }

    private static String others(Machine machine, CpuSet cpus) {
        Reading online = machine.read("sys/devices/system/cpu/online");
        CpuSet rest = CpuSet.parseOrEmpty(online.isKnown() ? online.text() : "").without(cpus);
        return rest.isEmpty() ? "0" : rest.toString();
    }

    static Finding siblings(Machine machine) {
        CpuSet cpus = machine.cpus();
        if (cpus.isEmpty()) {
            return machine.read("sys/devices/system/cpu/smt/active").is("0") ? Finding.ok("SMT is off") : nobodysCpu(machine);
        }
        for (int cpu : cpus.stream().toArray()) {
            Reading together = machine.read("sys/devices/system/cpu/cpu" + cpu + "/topology/thread_siblings_list");
            if (!together.isKnown()) {
                return together.unknown();
            }
            CpuSet siblings = CpuSet.parseOrEmpty(together.text()).without(CpuSet.of(cpu));
            if (!siblings.isEmpty()) {
                return Finding.warning("CPU " + cpu + " shares its core with CPU " + siblings + ", whose work slows it",
                        "echo 0 >/sys/devices/system/cpu/cpu" + siblings.first() + "/online, or boot with nosmt");
            }
        }
        return Finding.ok("no other CPU shares the core of " + Machine.words(cpus));
    }

    /** Nothing can be said about CPUs that nobody chose. */
    private static Finding nobodysCpu(Machine machine) {
        if (machine.vcpuThread().isPresent()) {
            return Finding.unknown("vCPU " + machine.target().vcpu() + " has no CPU of its own, its thread may run on each", "./vmrpc vcpu --qmp SOCKET --vcpu "
                    + machine.target().vcpu() + " --cpus LIST");
        }
        return Finding.unknown("no real-time CPU is chosen", machine.isGuest() ? "isolate one (see isolation), or name it with --cpus"
                : "name it with --cpus LIST, or the VM and its vCPU with --qmp SOCKET --vcpu N");
    }
}
