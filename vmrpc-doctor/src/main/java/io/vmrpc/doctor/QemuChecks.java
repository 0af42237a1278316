package io.vmrpc.doctor;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The QEMUs that run on this host: which of them have a region, what confines them, how their vCPUs are scheduled. */
final class QemuChecks {
    private static final Pattern SHIM = Pattern.compile("(?m)^.*\\s(\\S*/libvmrpc-qemu-[a-z]+\\.so)( \\(deleted\\))?$");
    private static final Pattern SECCOMP = Pattern.compile("(?m)^Seccomp:\\s*([0-9])");

    private QemuChecks() {}

    /** {@return the one of the monitor; else those with the region that the user named; else those with any} */
    static List<RunningQemu> withRegion(Machine machine) {
        if (machine.target().monitor() != null) {
            return machine.qemus();
        }
        Path named = machine.target().region();
        return machine.qemus().stream().filter(qemu -> qemu.region().filter(region -> named == null || Path.of(region).equals(named.toAbsolutePath())).isPresent())
                .toList();
    }

    static List<Finding> shimLoaded(Machine machine) {
        if (machine.qemus().isEmpty() && !machine.tree().exists("proc/self")) {
            return List.of(Finding.unknown("which QEMUs run", "mount proc"));
        }
        if (withRegion(machine).isEmpty()) {
            return List.of(Finding.ok(machine.qemus().isEmpty() ? "no QEMU runs here" : "none of " + machine.qemus().size() + " running QEMUs has " + (machine.target().region() == null ? "a region" : "this region")));
        }
        return each(machine, qemu -> {
            Reading maps = machine.read("proc/" + qemu.pid() + "/maps");
            if (!maps.isKnown() || maps.text().isEmpty()) {
                return Finding.unknown(qemu.name() + ": " + maps.file() + " " + (maps.isKnown() ? "shows nothing" : maps.why()), "run as root");
            }
            var shim = SHIM.matcher(maps.text());
            return shim.find() ? Finding.ok(qemu.name() + ": " + shim.group(1).replaceFirst(".*/", ""))
                    : Finding.problem(qemu.name() + " has a region and no shim: its vCPUs cannot park",
                            "start it with -plugin file=libvmrpc-qemu-tcg.so,region=FILE and LD_PRELOAD of that file (TCG), or with LD_PRELOAD=libvmrpc-qemu-kvm.so"
                                    + " VMRPC_REGION=FILE (KVM); see docs/operations.md");
        });
    }

    static List<Finding> vcpuThreads(Machine machine) {
        return each(machine, qemu -> {
            List<QemuThread> threads = machine.threads(qemu);
            List<QemuThread> vcpus = threads.stream().filter(thread -> thread.vcpu() >= 0).toList();
            if (vcpus.isEmpty()) {
                return Finding.unknown(qemu.name() + ": which threads run vCPUs", "start it with -name NAME,debug-threads=on, or name its monitor with --qmp SOCKET");
            }
            int wanted = machine.target().vcpu();
            Optional<QemuThread> chosen = vcpus.stream().filter(thread -> thread.vcpu() == wanted).findFirst();
            if (wanted >= 0 && chosen.isEmpty()) {
                return Finding.problem(qemu.name() + " has no vCPU " + wanted, "name one of " + vcpus.stream().map(QemuThread::vcpu).toList());
            }
            return chosen.map(thread -> one(machine, qemu, thread)).orElseGet(() -> all(qemu, threads, vcpus));
        });
    }

    private static Finding one(Machine machine, RunningQemu qemu, QemuThread thread) {
        String found = qemu.name() + ": vCPU " + thread.vcpu() + " (thread " + thread.tid() + ") has " + thread.scheduling() + ", on " + Machine.words(thread.cpus());
        return thread.isRealTime() ? Finding.ok(found) : Finding.problem(found, vcpuCommand(machine, thread.vcpu()));
    }

    private static Finding all(RunningQemu qemu, List<QemuThread> threads, List<QemuThread> vcpus) {
        List<QemuThread> realTime = vcpus.stream().filter(QemuThread::isRealTime).toList();
        List<QemuThread> others = threads.stream().filter(thread -> thread.vcpu() < 0 && thread.isRealTime()).toList();
        String text = realTime.stream().map(thread -> "vCPU " + thread.vcpu() + " " + thread.scheduling() + " on " + Machine.words(thread.cpus()))
                .collect(Collectors.joining(", "));
        if (realTime.isEmpty()) {
            return Finding.warning(qemu.name() + ": no vCPU has real-time priority",
                    "./vmrpc vcpu --qmp SOCKET --vcpu N --priority 80 --cpus LIST");
        }
        return others.isEmpty() && realTime.size() < Math.max(2, vcpus.size()) ? Finding.ok(qemu.name() + ": " + text)
                : Finding.warning(qemu.name() + ": " + text + (others.isEmpty() ? "" : ", and " + others.size() + " other threads are real-time")
                        + ": a guest that spins can starve this VM and the host", "give one vCPU's thread real-time priority, and no other");
    }

    private static String vcpuCommand(Machine machine, int vcpu) {
        String cpus = machine.cpus().isEmpty() ? "LIST" : machine.cpus().toString();
        return "./vmrpc vcpu --qmp SOCKET --vcpu " + vcpu + " --priority 80 --cpus " + cpus;
    }

    /** QEMU's own filter lets parks through, and forbids scheduling from inside, which VMRPC does from outside. */
    static List<Finding> sandbox(Machine machine) {
        return each(machine, qemu -> {
            Reading status = machine.read("proc/" + qemu.pid() + "/status");
            var mode = SECCOMP.matcher(status.isKnown() ? status.text() : "");
            if (!mode.find()) {
                return Finding.unknown(qemu.name() + ": " + status.file() + " " + (status.isKnown() ? "has no Seccomp line" : status.why()), "run as root");
            }
            String sandbox = qemu.after("-sandbox").orElse("");
            return mode.group(1).equals("0") ? Finding.ok(qemu.name() + ": none")
                    : !sandbox.isEmpty() ? Finding.ok(qemu.name() + ": -sandbox " + sandbox + "; the vCPU's thread is scheduled from outside (./vmrpc vcpu)")
                    : Finding.warning(qemu.name() + ": a seccomp filter that QEMU did not ask for: it may forbid futex_waitv or timers",
                            "look at the shim line below for a refusal, and at who starts QEMU (systemd: SystemCallFilter=)");
        });
    }

    static List<Finding> appArmor(Machine machine) {
        Reading enabled = machine.read("sys/module/apparmor/parameters/enabled");
        if (!enabled.is("Y")) {
            return List.of(enabled.isKnown() || machine.lacks(enabled, "sys/module") ? Finding.ok("off") : enabled.unknown());
        }
        return each(machine, qemu -> {
            Reading label = machine.read("proc/" + qemu.pid() + "/attr/apparmor/current");
            Reading profile = label.isKnown() ? label : machine.read("proc/" + qemu.pid() + "/attr/current");
            return !profile.isKnown() ? profile.unknown()
                    : profile.text().isEmpty() || profile.is("unconfined") ? Finding.ok(qemu.name() + ": unconfined")
                    : profile.text().endsWith("(complain)") ? Finding.ok(qemu.name() + ": " + profile.text())
                    : confined(machine, qemu, profile.text());
        });
    }

    private static Finding confined(Machine machine, RunningQemu qemu, String profile) {
        Reading maps = machine.read("proc/" + qemu.pid() + "/maps");
        return maps.isKnown() && SHIM.matcher(maps.text()).find() ? Finding.ok(qemu.name() + ": " + profile + ", which lets the shim in")
                : Finding.warning(qemu.name() + ": " + profile + ", which must allow the shim's library, the region and its socket",
                        "put packaging/apparmor/libvirt-qemu into /etc/apparmor.d/local/abstractions/libvirt-qemu and restart the VM");
    }

    private static List<Finding> each(Machine machine, Function<RunningQemu, Finding> look) {
        return withRegion(machine).stream().map(look).toList();
    }
}
