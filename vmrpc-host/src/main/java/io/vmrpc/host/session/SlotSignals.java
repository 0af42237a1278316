package io.vmrpc.host.session;

import io.vmrpc.layout.Protocol;
import io.vmrpc.park.EventCounter;
import io.vmrpc.region.Region;

/**
 * Which slots have got completions since they were last signalled: several completions of a batch cost one signal (rule R30).
 * Channels of one slot share its event counter.
 */
final class SlotSignals {
    private final EventCounter[] counters;
    private final boolean[] isDirty;
    private final int[] dirty;
    private final Counter wakes;
    private int count;

    SlotSignals(final Region region, final Counter wakes) {
        this.wakes = wakes;
        counters = new EventCounter[region.geometry().slotCount()];
        for (int i = 0; i < counters.length; i++) {
            counters[i] = new EventCounter(region.slot(i));
        }
        isDirty = new boolean[counters.length];
        dirty = new int[counters.length];
    }

    /** A slot number from the guest is one that may be marked. */
    boolean isValid(final int slot) {
        return slot == Protocol.NO_SLOT || slot >= 0 && slot < counters.length;
    }

    void mark(final int slot) {
        if (slot != Protocol.NO_SLOT && !isDirty[slot]) {
            isDirty[slot] = true;
            dirty[count++] = slot;
        }
    }

    void markAll() {
        for (int i = 0; i < counters.length; i++) {
            mark(i);
        }
    }

    void signal() {
        while (count > 0) {
            final int slot = dirty[--count];
            isDirty[slot] = false;
            counters[slot].signal();
            wakes.increment();
        }
    }
}
