package io.vmrpc.doctor;

import io.vmrpc.vm.KvmProbe;
import java.io.IOException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** KVM on this host. */
final class KvmChecks {
    private static final String PARAMETERS = "sys/module/kvm/parameters/";
    /** The kernel's default, 200 us, in nanoseconds. */
    private static final long USUAL_POLL_NS = 200_000;

    private KvmChecks() {}

    static Finding device(Machine machine) {
        if (!machine.tree().exists("dev/kvm")) { // no permission can hide it: /dev is open
            return Finding.warning("/dev/kvm is absent: VMs run under TCG, many times slower",
                    "modprobe kvm_intel or kvm_amd; switch virtualisation on in the firmware, or nested virtualisation in the hypervisor");
        }
        try {
            KvmProbe probe = machine.programs().kvm();
            return probe.obstacle().isEmpty() ? Finding.ok("/dev/kvm runs 64-bit guests")
                    : !probe.isUsable() ? Finding.warning(probe.obstacle().get(), "run as root, or join its group: usermod -aG kvm USER")
                    : Finding.warning(probe.obstacle().get() + modes(probe), "run VMs under TCG here; for KVM use a host with hardware virtualisation");
        } catch (IOException e) {
            return Finding.unknown("what /dev/kvm can run (" + e.getMessage() + ")", "run ./vmrpc, which builds what is missing");
        }
    }

    private static String modes(KvmProbe probe) {
        String modes = IntStream.of(16, 32).filter(probe::runs).mapToObj(bits -> bits + "-bit").collect(Collectors.joining(" and "));
        return modes.isEmpty() ? "" : "; " + modes + " guests run with interrupts";
    }

    static Finding haltPoll(Machine machine) {
        Reading poll = machine.read(PARAMETERS + "halt_poll_ns");
        if (!poll.isKnown() || !poll.text().matches("[0-9]{1,18}")) {
            return machine.lacks(poll, "sys/module") ? Finding.ok("no KVM module is loaded") : poll.unknown();
        }
        return Long.parseLong(poll.text()) <= USUAL_POLL_NS
                ? Finding.ok("halt_poll_ns is " + poll.text() + ": a vCPU that halts, or parks halted, spins up to that long first")
                : Finding.warning("halt_poll_ns is " + poll.text() + ": a vCPU that halts, or parks halted, takes its CPU that long",
                        "echo " + USUAL_POLL_NS + " >" + poll.file());
    }

    static Finding hugePageRecovery(Machine machine) {
        Reading splits = machine.read(PARAMETERS + "nx_huge_pages");
        Reading ratio = machine.read(PARAMETERS + "nx_huge_pages_recovery_ratio");
        if (!splits.isKnown() || !ratio.isKnown()) {
            return machine.lacks(splits, "sys/module") ? Finding.ok("this KVM splits no huge pages") : splits.unknown();
        }
        return splits.is("N") || ratio.is("0") ? Finding.ok("off")
                : Finding.warning("KVM takes executable huge pages away from running guests, in the background",
                        "echo 0 >" + ratio.file() + ", or kvm.nx_huge_pages=off where the CPU is not affected");
    }
}
