package io.vmrpc.doctor;

import static io.vmrpc.doctor.Case.guest;
import static io.vmrpc.doctor.Case.host;
import static io.vmrpc.doctor.FakeTree.DEVICE;
import static io.vmrpc.doctor.FakeTree.QEMU;
import static io.vmrpc.doctor.Level.OK;
import static io.vmrpc.doctor.Level.PROBLEM;
import static io.vmrpc.doctor.Level.WARNING;

import io.vmrpc.layout.HeaderDescriptor;
import io.vmrpc.layout.Protocol;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Rows about KVM, running QEMUs, regions and versions. */
final class VmCases {
    private static final UnaryOperator<FakeTree> GOOD = UnaryOperator.identity();
    private static final String BAR = DEVICE + "resource2";
    private static final String PARAMETERS = "sys/module/kvm/parameters/";
    private static final String PROCESS = "proc/" + QEMU + "/";

    private VmCases() {}

    private static UnaryOperator<FakeTree> header(int offset, int value) {
        return tree -> tree.field(BAR, offset, value);
    }

    private static UnaryOperator<FakeTree> vcpu(int number) {
        return tree -> tree.target(null, new Monitor(QEMU, "7.2.0", Map.of(QEMU + 1, 0, QEMU + 2, 1)), number);
    }

    private static UnaryOperator<FakeTree> noQemu() {
        return tree -> tree.file(PROCESS + "cmdline", "/bin/sleep\u00001");
    }

    static final List<Case> ALL = List.of(
            host("kvm", GOOD, OK, "64-bit guests", ""),
            host("kvm", tree -> tree.absent("dev/kvm"), WARNING, "absent", "modprobe"),
            host("kvm", tree -> tree.kvm("device", "fails: Permission denied"), WARNING, "Permission denied", "usermod -aG kvm"),
            host("kvm", tree -> tree.kvm("mode64", "fails: no long mode"), WARNING, "no long mode; 16-bit and 32-bit guests run", "TCG"),
            host("kvm-halt-poll", GOOD, OK, "200000", ""),
            host("kvm-halt-poll", tree -> tree.file(PARAMETERS + "halt_poll_ns", "5000000"), WARNING, "5000000", "echo 200000"),
            host("kvm-halt-poll", tree -> tree.unreadable(PARAMETERS + "halt_poll_ns"), WARNING, "unknown", "root"),
            host("kvm-huge-pages", GOOD, OK, "off", ""),
            host("kvm-huge-pages", tree -> tree.file(PARAMETERS + "nx_huge_pages", "Y"), WARNING, "takes executable huge pages", "recovery_ratio"),
            host("kvm-huge-pages", tree -> tree.unreadable(PARAMETERS + "nx_huge_pages"), WARNING, "unknown", "root"),

            host("qemu-shim", GOOD, OK, "QEMU 4242 (guest1): libvmrpc-qemu-tcg.so", ""),
            host("qemu-shim", noQemu(), OK, "no QEMU runs here", ""),
            host("qemu-shim", tree -> tree.file(PROCESS + "maps", "7f00-7f01 r-xp 00000000 08:01 77   /usr/lib/libc.so.6"), PROBLEM, "no shim", "LD_PRELOAD"),
            host("qemu-shim", tree -> tree.target("other", null, -1), OK, "none of 1 running QEMUs has this region", ""),
            host("qemu-shim", tree -> tree.target("region", null, -1), OK, "QEMU 4242", ""),
            host("qemu-shim", tree -> tree.absent(PROCESS + "maps"), WARNING, "unknown", "root"),
            host("qemu-vcpus", GOOD, OK, "vCPU 1 SCHED_FIFO 80 on CPU 1", ""),
            host("qemu-vcpus", tree -> tree.thread(QEMU + 2, "CPU 1/TCG", 0, 0, "0-1"), WARNING, "no vCPU has real-time priority", "./vmrpc vcpu"),
            host("qemu-vcpus", tree -> tree.thread(QEMU, "qemu-system-x86", 1, 80, "0-1"), WARNING, "1 other threads are real-time", "one vCPU's thread"),
            host("qemu-vcpus", tree -> vcpu(0).apply(tree), PROBLEM, "vCPU 0 (thread 4243) has no real-time priority", "--vcpu 0 --priority 80"),
            host("qemu-vcpus", vcpu(1), OK, "vCPU 1 (thread 4244) has SCHED_FIFO 80, on CPU 1", ""),
            host("qemu-vcpus", vcpu(7), PROBLEM, "has no vCPU 7", "name one of"),
            host("qemu-vcpus", tree -> tree.thread(QEMU + 1, "qemu-system-x86", 0, 0, "0").thread(QEMU + 2, "qemu-system-x86", 0, 0, "0"), WARNING, "unknown", "debug-threads=on"),
            host("qemu-sandbox", GOOD, OK, "resourcecontrol=deny", ""),
            host("qemu-sandbox", tree -> tree.file(PROCESS + "status", "Seccomp:\t0"), OK, "none", ""),
            host("qemu-sandbox", tree -> tree.file(PROCESS + "cmdline", String.join("\0", "qemu-system-x86_64", "-plugin", "file=x,region=" + tree.root.resolve("region"))),
                    WARNING, "did not ask for", "SystemCallFilter"),
            host("qemu-sandbox", tree -> tree.absent(PROCESS + "status"), WARNING, "unknown", "root"),
            host("apparmor", GOOD, OK, "unconfined", ""),
            host("apparmor", tree -> tree.file("sys/module/apparmor/parameters/enabled", "N"), OK, "off", ""),
            host("apparmor", tree -> tree.unreadable("sys/module/apparmor/parameters/enabled"), WARNING, "unknown", "root"),
            host("apparmor", tree -> tree.file(PROCESS + "attr/apparmor/current", "libvirt-1 (enforce)"), OK, "lets the shim in", ""),
            host("apparmor", tree -> tree.file(PROCESS + "attr/apparmor/current", "libvirt-1 (enforce)").file(PROCESS + "maps", "x"), WARNING, "libvirt-1", "packaging/apparmor"),
            host("apparmor", tree -> tree.absent(PROCESS + "attr/apparmor/current"), WARNING, "unknown", "mount"),

            host("region", GOOD, OK, "8 slots", ""),
            host("region", noQemu(), OK, "--region FILE", ""),
            host("region", tree -> tree.target("absent", null, -1), PROBLEM, "does not exist", "start the agent"),
            guest("region", GOOD, OK, "resource2", ""),
            guest("region", header(HeaderDescriptor.SLOT_OFFSET, 1), PROBLEM, "slot_offset=1", "start the agent again"),
            guest("region", tree -> tree.file(Machine.PCI + "/0000:00:04.0/vendor", "0x1af4").file(Machine.PCI + "/0000:00:04.0/device", "0x1110"),
                    PROBLEM, "2 ivshmem devices", "name the right one"),
            guest("shim", GOOD, OK, "QEMU TCG, kick hook, NOP, 2 slots", ""),
            guest("shim", header(HeaderDescriptor.SHIM_EPOCH, 0), PROBLEM, "no shim serves", "libvmrpc-qemu-kvm.so"),
            guest("shim", header(HeaderDescriptor.REFUSAL, Protocol.REFUSAL_SECCOMP), PROBLEM, "refuses to park", "seccomp"),
            guest("shim", header(HeaderDescriptor.REFUSAL, Protocol.REFUSAL_SINGLE_THREADED_TCG), PROBLEM, "refuses to park", "thread=multi"),
            guest("shim", header(HeaderDescriptor.KICK_MODE, Protocol.KICK_SLICES), WARNING, "cut into slices", "LD_PRELOAD"),
            guest("shim", tree -> header(HeaderDescriptor.KICK_MODE, Protocol.KICK_SLICES).apply(tree).field(BAR, HeaderDescriptor.SHIM_KIND, Protocol.SHIM_QEMU_KVM),
                    WARNING, "QEMU KVM", "VMRPC_PARK=halted"),
            guest("shim", tree -> header(HeaderDescriptor.PARK_MODE, Protocol.PARK_HALTED).apply(tree).field(BAR, HeaderDescriptor.SHIM_KIND, Protocol.SHIM_QEMU_KVM),
                    OK, "QEMU KVM, halted", ""),
            guest("agent", GOOD, OK, "linked", ""),
            guest("agent", header(HeaderDescriptor.LINK, Protocol.LINK_DOWN), PROBLEM, "is down", "./vmrpc agent"),
            guest("agent", header(HeaderDescriptor.LINK, Protocol.LINK_NEVER), PROBLEM, "never up", "./vmrpc agent"),
            host("agent", tree -> tree.field("region", HeaderDescriptor.AGENT_EPOCH, 0), PROBLEM, "no agent serves", "--keep"),
            guest("agent", header(HeaderDescriptor.SHIM_EPOCH, 0), WARNING, "nobody knows", "see shim"),
            guest("load-time", GOOD, OK, "ns a line", ""),
            guest("protocol", GOOD, OK, "shim 1.0", ""),
            guest("protocol", header(HeaderDescriptor.SHIM_VERSION, 2 << 16), PROBLEM, "shim 2.0", "same release"),
            host("qemu", GOOD, OK, "7.2.22", ""),
            host("qemu", tree -> tree.qemuVersion("QEMU emulator version 10.0.2"), WARNING, "10.0.2", "QEMU 7.2"),
            host("qemu", tree -> tree.qemuVersion(""), WARNING, "no qemu-system-x86_64", "apt-get install"),
            host("qemu", vcpu(1), OK, "7.2.0", ""),
            guest("jdk", GOOD, OK, System.getProperty("java.specification.version"), ""));
}
