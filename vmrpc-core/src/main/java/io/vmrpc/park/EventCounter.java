package io.vmrpc.park;

import static io.vmrpc.layout.SlotDescriptor.ARMED;
import static io.vmrpc.layout.SlotDescriptor.EVENT;

import io.vmrpc.natives.Native;
import java.lang.invoke.VarHandle;
import org.agrona.concurrent.AtomicBuffer;

/**
 * The agent's half of the handshake for one slot: steps A2 to A5. Used by the agent's thread only.
 */
public final class EventCounter {
    private final AtomicBuffer slot;
    private int event;

    /**
     * Continues at the slot's present count: parks that wait there go on waiting.
     *
     * @param slot the slot's memory.
     */
    public EventCounter(final AtomicBuffer slot) {
        this.slot = slot;
        event = slot.getIntAcquire(EVENT);
    }

    /** Counts an event and wakes the vCPU if it may be parked. Call after the completions are committed (step A1). */
    public void signal() {
        if (advance()) {
            wake();
        }
    }

    /**
     * Steps A2 to A4.
     *
     * @return true if the slot is armed, so that {@link #wake()} must follow.
     */
    public boolean advance() {
        slot.putIntRelease(EVENT, ++event); // A2
        VarHandle.fullFence(); // A3; partner: G5 in Parker.arm
        return slot.getIntAcquire(ARMED) != 0; // A4
    }

    private void wake() {
        Native.vmrpc_futex_wake(slot.addressOffset() + EVENT); // A5
    }
}
