package io.vmrpc.doctor;

import io.vmrpc.layout.Geometry;
import io.vmrpc.layout.HeaderDescriptor;
import io.vmrpc.layout.Protocol;
import io.vmrpc.region.Region;
import io.vmrpc.vm.KvmProbe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.AtomicBuffer;
import org.jspecify.annotations.Nullable;

/** A machine of files: at first a host or a guest on which everything is as it should be. */
final class FakeTree implements Programs {
    private static final Geometry SMALL = new Geometry(8, 2, 16, 64);
    static final int QEMU = 4242;
    static final String CPU = "sys/devices/system/cpu/";
    static final String DEVICE = Machine.PCI + "/0000:00:03.0/";

    final Path root;
    private final Map<String, String> kvm = new LinkedHashMap<>(Map.of("device", "works", "api", "12", "mode16", "works", "interrupt16", "works", "mode32",
            "works", "interrupt32", "works", "mode64", "works", "interrupt64", "works", "atomic64", "works", "instruction_ns", "0.4"));
    private String qemuVersion = "QEMU emulator version 7.2.22 (Debian)";
    private Machine.Target target = Machine.Target.ANY;

    private FakeTree(Path root) {
        this.root = root;
        file("proc/version", "Linux version 6.1.0-56-rt-amd64 (debian) #1 SMP PREEMPT_RT Debian");
        words("isolcpus=nohz,domain,managed_irq,1 nohz_full=1 rcu_nocbs=1 irqaffinity=0 nowatchdog tsc=reliable");
        file("sys/kernel/realtime", "1");
        file(CPU + "online", "0-1").file(CPU + "isolated", "1").file(CPU + "nohz_full", "1");
        file("proc/irq/24/effective_affinity_list", "0").file("proc/irq/25/smp_affinity_list", "0");
        file("proc/sys/kernel/watchdog", "0").file("proc/sys/kernel/watchdog_cpumask", "0-1");
        file("sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc");
        file("proc/self/mountinfo", "31 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw").file("proc/self/cgroup", "0::/user.slice/shell");
        file("sys/fs/cgroup/user.slice/shell/cpuset.cpus.effective", "0-1");
        file("proc/self/timerslack_ns", "50000");
        privileges("0000000000824000", "8388608", "0"); // CAP_SYS_NICE, CAP_SYS_RAWIO, CAP_IPC_LOCK
        file("sys/kernel/security/lockdown", "[none] integrity confidentiality");
        file("proc/swaps", "Filename Type Size Used Priority");
        file("sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never").file("sys/kernel/mm/ksm/run", "0");
        file("proc/sys/vm/compaction_proactiveness", "0");
    }

    static FakeTree host(Path root) {
        FakeTree tree = new FakeTree(root);
        tree.file("proc/version", "Linux version 6.12.1-rt-amd64 (debian) #1 SMP PREEMPT_RT Debian").file("proc/sys/kernel/sched_rt_runtime_us", "950000");
        tree.file("sys/kernel/debug/sched/fair_server/cpu1/runtime", "50000000").file("sys/kernel/debug/sched/fair_server/cpu1/period", "1000000000");
        tree.file(CPU + "cpu1/topology/thread_siblings_list", "1").file(CPU + "cpuidle/current_driver", "none").file("dev/kvm", "");
        tree.file("sys/module/kvm/parameters/halt_poll_ns", "200000").file("sys/module/kvm/parameters/nx_huge_pages", "N");
        tree.file("sys/module/kvm/parameters/nx_huge_pages_recovery_ratio", "60").file("sys/module/apparmor/parameters/enabled", "Y");
        tree.qemu("-sandbox", "on,resourcecontrol=deny");
        return tree;
    }

    static FakeTree guest(Path root) {
        FakeTree tree = new FakeTree(root);
        tree.file("proc/sys/kernel/sched_rt_runtime_us", "-1").file("proc/sys/kernel/hung_task_timeout_secs", "0");
        tree.file("sys/module/rcupdate/parameters/rcu_cpu_stall_suppress", "1");
        tree.file(DEVICE + "vendor", "0x1af4").file(DEVICE + "device", "0x1110");
        tree.region(DEVICE + "resource2");
        return tree;
    }

    /** A QEMU with a region, a shim, and vCPU 1 as real-time vCPU. */
    void qemu(String... more) {
        region("region");
        List<String> command = new ArrayList<>(List.of("/usr/bin/qemu-system-x86_64", "-name", "guest1,debug-threads=on", "-object",
                "memory-backend-file,id=vmrpc,share=on,mem-path=" + root.resolve("region") + ",size=32M", "-device", "ivshmem-plain,memdev=vmrpc"));
        command.addAll(List.of(more));
        String folder = "proc/" + QEMU + "/";
        file(folder + "cmdline", String.join("\0", command)).file(folder + "environ", "HOME=/root\0VMRPC_PARK=halted");
        file(folder + "maps", "7f00-7f01 r-xp 00000000 08:01 77   /opt/vmrpc/libvmrpc-qemu-tcg.so").file(folder + "status", "Name:\tqemu\nSeccomp:\t2");
        file(folder + "attr/apparmor/current", "unconfined");
        file("sys/fs/cgroup/machine.slice/cpuset.cpus.effective", "0-1");
        thread(QEMU, "qemu-system-x86", 0, 0, "0");
        thread(QEMU + 1, "CPU 0/TCG", 0, 0, "0");
        thread(QEMU + 2, "CPU 1/TCG", 1, 80, "1");
    }

    FakeTree thread(int tid, String name, int policy, int priority, String cpus) {
        String folder = "proc/" + QEMU + "/task/" + tid + "/";
        return file(folder + "comm", name).file(folder + "cgroup", "0::/machine.slice").file(folder + "status", "Cpus_allowed_list:\t" + cpus)
                .file(folder + "stat", tid + " (" + name + ") S" + " 0".repeat(36) + " " + priority + " " + policy + " 0 0");
    }

    /** A region with a linked shim and an agent; the tests write over its fields. */
    FakeTree region(String name) {
        return field(name, HeaderDescriptor.AGENT_EPOCH, 5).field(name, HeaderDescriptor.SHIM_KIND, Protocol.SHIM_QEMU_TCG)
                .field(name, HeaderDescriptor.SHIM_VERSION, Protocol.VERSION).field(name, HeaderDescriptor.INSTRUCTION, Protocol.INSTRUCTION_NOP)
                .field(name, HeaderDescriptor.KICK_MODE, Protocol.KICK_HOOK).field(name, HeaderDescriptor.SLOTS_SERVED, 2)
                .field(name, HeaderDescriptor.LINK, Protocol.LINK_UP).field(name, HeaderDescriptor.SHIM_EPOCH, 7);
    }

    FakeTree field(String region, int offset, int value) {
        try {
            Path file = root.resolve(region);
            Files.createDirectories(file.getParent());
            try (Region agent = Region.serve(file, SMALL)) {
                AtomicBuffer header = agent.header();
                header.putInt(offset, value);
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    FakeTree file(String name, String text) {
        try {
            Path file = root.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text + "\n");
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    FakeTree words(String commandLine) {
        return file("proc/cmdline", "console=ttyS0 " + commandLine);
    }

    FakeTree privileges(String capabilities, String lockedMemory, String priority) {
        return file("proc/self/status", "Name:\tdoctor\nCapEff:\t" + capabilities + "\n").file("proc/self/limits",
                "Max locked memory         " + lockedMemory + "              8388608              bytes\nMax realtime priority     " + priority + "                    0");
    }

    FakeTree absent(String name) {
        try {
            Files.delete(root.resolve(name));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Root reads what has no permission; what is a folder nobody reads. */
    FakeTree unreadable(String name) {
        try {
            absent(name);
            Files.createDirectory(root.resolve(name));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    FakeTree kvm(String fact, String answer) {
        kvm.put(fact, answer);
        return this;
    }

    FakeTree qemuVersion(String text) {
        qemuVersion = text;
        return this;
    }

    FakeTree target(@Nullable String region, @Nullable Monitor monitor, int vcpu) {
        target = new Machine.Target(null, region == null ? null : root.resolve(region), null, monitor, vcpu);
        return this;
    }

    Machine machine() {
        return new Machine(new KernelTree(root), this, target);
    }

    @Override
    public String qemuVersion() {
        return qemuVersion;
    }

    @Override
    public KvmProbe kvm() {
        return new KvmProbe(kvm);
    }
}
