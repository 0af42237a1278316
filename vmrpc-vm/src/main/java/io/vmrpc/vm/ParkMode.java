package io.vmrpc.vm;

import java.util.Locale;

/** How a vCPU waits while it is parked under KVM; TCG knows one way only. */
public enum ParkMode {
    /** The shim picks what serves this VM best. */
    AUTO,
    /** Inside KVM_RUN, as after HLT: the guest's interrupts end the park. Needs KVM's local APIC in the kernel. */
    HALTED,
    /** The vCPU's thread sleeps in the shim: nearest to the deadline, but the guest's interrupts wait for the slice's end. */
    FUTEX;

    /** {@return the word for options and for the shim's environment: auto, halted or futex} */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
