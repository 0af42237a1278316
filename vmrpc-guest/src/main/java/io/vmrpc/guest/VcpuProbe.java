package io.vmrpc.guest;

import static io.vmrpc.layout.SlotDescriptor.ACKS;

import io.vmrpc.error.ConnectException;
import io.vmrpc.layout.SlotDescriptor;
import io.vmrpc.natives.Native;
import io.vmrpc.park.Parker;
import io.vmrpc.region.Region;
import org.agrona.concurrent.AtomicBuffer;

/**
 * Finds out which slot belongs to the vCPU that the calling thread runs on: QEMU's vCPU index need not be Linux's CPU number. Needs
 * no privilege: a park hypercall on a slot that is not armed returns at once and counts an acknowledgement.
 */
final class VcpuProbe {
    private static final int ROUNDS = 3;

    private VcpuProbe() {
    }

    /** The slot; the calling thread must be pinned. */
    static int slot(final Region region, final long gate) {
        final int slots = region.geometry().slotCount();
        final AtomicBuffer[] all = new AtomicBuffer[slots];
        for (int i = 0; i < slots; i++) {
            all[i] = region.slot(i);
        }
        int found = -1;
        for (int round = 0, agreed = 0; agreed < ROUNDS; round++) {
            if (round > 100 * ROUNDS) {
                throw new ConnectException("cannot tell which vCPU this thread runs on: other threads of this VM park all the time; stop them and bind again");
            }
            final int slot = once(all, gate);
            agreed = slot >= 0 && slot == found ? agreed + 1 : 0;
            found = slot;
        }
        return found;
    }

    /** The only slot whose acknowledgements moved, or -1 if several did. */
    private static int once(final AtomicBuffer[] slots, final long gate) {
        final long[] before = new long[slots.length];
        for (int i = 0; i < slots.length; i++) {
            before[i] = slots[i].getLongAcquire(ACKS);
        }
        Native.vmrpc_park(gate, 0);
        int moved = -1;
        int count = 0;
        for (int i = 0; i < slots.length; i++) {
            if (slots[i].getLongAcquire(ACKS) != before[i]) {
                moved = i;
                count++;
            }
        }
        if (count == 0) {
            throw new ConnectException("the shim did not answer a park hypercall: the VM has more vCPUs than the region has slots (" +
                slots.length + "), or the shim is gone; start the agent with more slots");
        }
        return count == 1 ? moved : -1;
    }

    /** Calibrates the clock offset by hypercalls that do not park. */
    static void calibrate(final HostClock clock, final AtomicBuffer slot, final int index, final long gate) {
        final Parker parker = new Parker(slot, index, gate);
        slot.putIntRelease(SlotDescriptor.ARMED, 0);
        for (int i = 0; i < 200; i++) {
            final long before = System.nanoTime();
            Native.vmrpc_park(gate, index);
            final long after = System.nanoTime();
            clock.observe(before, parker.enteredNs(), parker.returnedNs(), after);
        }
    }
}
