package io.vmrpc.vm;

import java.util.List;
import java.util.Locale;

/** What executes a guest's code in QEMU. */
public enum Accelerator {
    /** QEMU's translator: runs anywhere. One thread for each vCPU, so that one can wait alone. */
    TCG("tcg,thread=multi", "max"),
    /** The host kernel's KVM, with its own interrupt controllers, which halted parks need, and a tsc that the guest may rely on. */
    KVM("kvm,kernel-irqchip=on", "host,migratable=off");

    private final String option;
    private final String cpu;

    Accelerator(String option, String cpu) {
        this.option = option;
        this.cpu = cpu;
    }

    /** {@return QEMU's arguments for it, with QEMU's own default of a CPU} */
    public List<String> arguments() {
        return List.of("-accel", option);
    }

    /** {@return QEMU's arguments for a CPU with all that the accelerator offers, for operating systems} */
    List<String> fullCpu() {
        return List.of("-cpu", cpu);
    }

    /** {@return the word for options and rows: tcg or kvm} */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
