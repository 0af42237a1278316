package io.vmrpc.park;

import static io.vmrpc.layout.SlotDescriptor.*;

import io.vmrpc.natives.Native;
import java.lang.invoke.VarHandle;
import org.agrona.concurrent.AtomicBuffer;

/**
 * The guest's half of the handshake for one slot: steps G1 to G8. Used by the thread that owns the vCPU only.
 */
public final class Parker {
    private final AtomicBuffer slot;
    private final long gate;
    private final int index;
    private long acks;

    /** What a park may be woken for: asked between arming and the hypercall. */
    @FunctionalInterface
    public interface Pending {
        /**
         * Looks at the completion rings.
         *
         * @return true if there is nothing to take, so that the vCPU may park.
         */
        boolean isEmpty();
    }

    /**
     * Binds a slot.
     *
     * @param slot the slot's memory.
     * @param index the slot's number: the vCPU's index in the VMM.
     * @param gate how the shim is entered: an instruction of {@link io.vmrpc.layout.Protocol}, or a loopback gate.
     */
    public Parker(final AtomicBuffer slot, final int index, final long gate) {
        this.slot = slot;
        this.index = index;
        this.gate = gate;
        acks = slot.getLongAcquire(ACKS);
    }

    /**
     * Parks until an event, the deadline, or for no reason at all: the caller looks at its rings and its clock and parks again.
     *
     * @param pending the rings whose completions end the park.
     * @param hostDeadlineNs absolute host time in ns, or {@link io.vmrpc.layout.Protocol#NO_DEADLINE}.
     * @param flags {@link io.vmrpc.layout.Protocol#SLOT_DOORBELL} or 0.
     */
    public void park(final Pending pending, final long hostDeadlineNs, final int flags) {
        final int expected = event(); // G1
        if (pending.isEmpty()) { // G2
            arm(expected, hostDeadlineNs, flags); // G3 G4 G5
            if (pending.isEmpty()) { // G6
                Native.vmrpc_park(gate, index); // G7
            }
            disarm(); // G8
        }
    }

    /**
     * Step G1.
     *
     * @return the event counter.
     */
    public int event() {
        return slot.getIntAcquire(EVENT);
    }

    /**
     * Steps G3 to G5.
     *
     * @param expected event counter seen before the rings were found empty.
     * @param hostDeadlineNs absolute host time in ns.
     * @param flags of the slot.
     */
    public void arm(final int expected, final long hostDeadlineNs, final int flags) {
        slot.putInt(EXPECTED, expected); // G3
        slot.putLong(DEADLINE_NS, hostDeadlineNs);
        slot.putInt(FLAGS, flags);
        slot.putIntRelease(ARMED, 1); // G4
        VarHandle.fullFence(); // G5; partner: A3 in EventCounter.advance
    }

    /** Step G8. */
    public void disarm() {
        slot.putIntRelease(ARMED, 0);
    }

    /**
     * Whether the shim has answered a park hypercall on this slot since the last question (rule R28).
     *
     * @return false if the thread ran on another vCPU or no shim is there.
     */
    public boolean wasAcknowledged() {
        final long seen = slot.getLongAcquire(ACKS); // partner: the shim's last store of a park
        final boolean moved = seen != acks;
        acks = seen;
        return moved;
    }

    /**
     * Why the last park ended.
     *
     * @return a reason of docs/protocol.md, section 7.
     */
    public int reason() {
        return slot.getInt(REASON);
    }

    /**
     * When the last park hypercall came into the shim.
     *
     * @return host CLOCK_MONOTONIC in ns.
     */
    public long enteredNs() {
        return slot.getLong(ENTERED_NS);
    }

    /**
     * When the shim returned from it.
     *
     * @return host CLOCK_MONOTONIC in ns.
     */
    public long returnedNs() {
        return slot.getLong(RETURNED_NS);
    }
}
