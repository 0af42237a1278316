package io.vmrpc.doctor;

import io.vmrpc.error.ConnectException;
import io.vmrpc.guest.GuestKernel;
import io.vmrpc.guest.IvshmemDevice;
import io.vmrpc.layout.Protocol;
import io.vmrpc.natives.CpuSet;
import io.vmrpc.region.ObservedRegion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is looked at: one machine as host or as guest, with its real-time CPUs, its regions and the QEMUs that run on it. */
final class Machine {
    static final String PCI = "sys/bus/pci/devices";

    private final KernelTree tree;
    private final Role role;
    private final Target target;
    private final Programs programs;
    private final List<RunningQemu> qemus;
    private final KernelConfig config;

    /**
     * What the user named; each may be left out.
     *
     * @param role null: by the ivshmem device
     * @param region null: the guest's device, or those of the QEMUs that run
     * @param cpus real-time CPUs of this machine; null: the isolated ones, or those of the vCPU's thread
     * @param monitor of one VM; null: all that run
     * @param vcpu its real-time vCPU, or -1
     */
    record Target(@Nullable Role role, @Nullable Path region, @Nullable CpuSet cpus, @Nullable Monitor monitor, int vcpu) {
        static final Target ANY = new Target(null, null, null, null, -1);
    }

    Machine(KernelTree tree, Programs programs, Target target) {
        this.tree = tree;
        this.programs = programs;
        this.target = target;
        role = target.role() == null ? detect(tree) : target.role();
        qemus = role == Role.GUEST ? List.of() : target.monitor() == null ? RunningQemu.all(tree)
                : RunningQemu.of(tree, target.monitor().pid()).stream().toList();
        config = new KernelConfig(tree, release());
    }

    /** A hypervisor's ivshmem device that holds a region, or nothing yet, makes a guest. */
    private static Role detect(KernelTree tree) {
        return devices(tree).stream().anyMatch(device -> {
            try {
                long magic = ObservedRegion.magic(device.resolve("resource2"));
                return magic == Protocol.MAGIC || magic == 0;
            } catch (IOException e) {
                return true; // closed to this user, or to everybody by lockdown
            }
        }) ? Role.GUEST : Role.HOST;
    }

    private static List<Path> devices(KernelTree tree) {
        try {
            return IvshmemDevice.list(tree.path(PCI));
        } catch (ConnectException e) {
            return List.of();
        }
    }

    KernelTree tree() {
        return tree;
    }

    Reading read(String name) {
        return tree.read(name);
    }

    /** {@return whether the file is absent while the folder it would be in is there: then the kernel lacks the feature, and nothing hides it} */
    boolean lacks(Reading reading, String folder) {
        return reading.isAbsent() && tree.exists(folder);
    }

    Role role() {
        return role;
    }

    boolean isGuest() {
        return role == Role.GUEST;
    }

    Target target() {
        return target;
    }

    Programs programs() {
        return programs;
    }

    KernelConfig config() {
        return config;
    }

    GuestKernel guestKernel() {
        return new GuestKernel(tree.path(""));
    }

    /** {@return for example 6.1.0-51-rt-amd64; empty if unknown} */
    String release() {
        Reading version = tree.read("proc/version");
        String[] words = version.isKnown() ? version.text().split(" ") : new String[0];
        return words.length > 2 ? words[2] : "";
    }

    /** {@return whether the kernel is that version or later; false if it is unknown} */
    boolean isAtLeast(int major, int minor) {
        String[] numbers = release().split("[^0-9]", 3);
        if (numbers.length < 2 || numbers[0].isEmpty() || numbers[1].isEmpty()) {
            return false;
        }
        int found = Integer.parseInt(numbers[0]);
        return found > major || found == major && Integer.parseInt(numbers[1]) >= minor;
    }

    /** {@return the word's value on the kernel's command line, empty for a word without one} */
    Optional<String> word(String name) {
        Reading line = tree.read("proc/cmdline");
        return (line.isKnown() ? Stream.of(line.text().split("\\s+")) : Stream.<String>empty())
                .filter(word -> word.equals(name) || word.startsWith(name + "=")).reduce((first, last) -> last)
                .map(word -> word.length() == name.length() ? "" : word.substring(name.length() + 1));
    }

    /** {@return the CPUs that real-time threads are meant for; empty if nobody said and none is isolated} */
    CpuSet cpus() {
        if (target.cpus() != null) {
            return target.cpus();
        }
        Optional<QemuThread> chosen = vcpuThread();
        Reading online = tree.read("sys/devices/system/cpu/online");
        if (chosen.isPresent() && !(online.isKnown() && chosen.get().cpus().contains(CpuSet.parseOrEmpty(online.text())))) {
            return chosen.get().cpus(); // a thread that may run anywhere is not pinned
        }
        Reading isolated = tree.read("sys/devices/system/cpu/isolated");
        return CpuSet.parseOrEmpty(isolated.isKnown() ? isolated.text() : "");
    }

    /** {@return the thread of the vCPU that the user named} */
    Optional<QemuThread> vcpuThread() {
        return target.vcpu() < 0 || qemus.size() != 1 ? Optional.empty()
                : threads(qemus.get(0)).stream().filter(thread -> thread.vcpu() == target.vcpu()).findFirst();
    }

    /** {@return its threads; the monitor, where there is one, knows which run vCPUs} */
    List<QemuThread> threads(RunningQemu qemu) {
        Monitor monitor = target.monitor();
        return qemu.threads(tree).stream().map(thread -> monitor == null ? thread : thread.withVcpu(monitor.vcpu(thread.tid()))).toList();
    }

    /** {@return CPUs in words, for example "CPU 1" or "CPUs 2-3"} */
    static String words(CpuSet cpus) {
        return (cpus.stream().count() == 1 ? "CPU " : "CPUs ") + cpus;
    }

    List<RunningQemu> qemus() {
        return qemus;
    }

    /**
     * {@return files or devices that hold a region; empty on a host where none is named or in use}
     *
     * @throws ConnectException if a guest has no device, or several, or may not open it
     */
    List<Path> regions() {
        if (target.region() != null) {
            return List.of(target.region());
        }
        return isGuest() ? List.of(IvshmemDevice.find(tree.path(PCI)))
                : qemus.stream().flatMap(qemu -> qemu.region().stream()).distinct().map(Path::of).toList();
    }
}
