package io.vmrpc.guest;

import io.vmrpc.error.ConnectException;
import io.vmrpc.natives.CpuSet;
import io.vmrpc.natives.Errno;
import io.vmrpc.natives.Native;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Ends a park of one vCPU from another thread of its process. A guest must not store to the slot's event counter, which has the agent
 * for its one writer (rule R2); but an interrupt for the vCPU ends its park, under QEMU's TCG by QEMU's kick (R34), under KVM because a
 * halted vCPU takes it (R44). Where neither is so parks are slices, and the interrupt is taken at the end of one.
 *
 * <p>membarrier(2) sends that interrupt, and needs neither privilege nor signal: a signal would cut short system calls of the owner's
 * tasks. Linux 5.10 and later can name the CPU; before, every CPU is interrupted that runs a thread of this process, also other parked
 * ones. In loopback, where the park is a futex wait of the thread, the shim in this process has a function for it.
 *
 * <p>A kick that comes just before the park may be lost: {@link WakeUp} repeats it. Used by any thread.
 */
final class Kick implements Runnable {
    private static final int ALL_CPUS = -1;
    private final Gate gate;
    private final int slot;
    private final int cpu;

    private Kick(final Gate gate, final int slot, final int cpu) {
        this.gate = gate;
        this.slot = slot;
        this.cpu = cpu;
    }

    /** The kick of the slot whose vCPU the calling thread has bound. */
    static Kick ofThisThread(final Gate gate, final int slot) {
        if (gate.isLoopback()) {
            return new Kick(gate, slot, ALL_CPUS);
        }
        final int register = Native.vmrpc_interrupt_register();
        if (register < 0) {
            throw new ConnectException("membarrier failed with " + Errno.text(-register) +
                ": run a guest kernel of 4.14 or later with CONFIG_MEMBARRIER, and allow the system call in a seccomp filter");
        }
        return new Kick(gate, slot, register == 1 ? pinnedCpu() : ALL_CPUS);
    }

    private static int pinnedCpu() {
        try {
            return CpuSet.ofThread(0).first();
        } catch (final IOException e) {
            throw new UncheckedIOException(e); // the calling thread exists
        }
    }

    @Override
    public void run() {
        final int result = gate.isLoopback() ? Native.vmrpc_kick(gate.handle(), slot) : Native.vmrpc_interrupt(cpu);
        if (result < 0) {
            throw new IllegalStateException("interrupting cpu=" + cpu + " failed with " + Errno.text(-result));
        }
    }
}
