package io.vmrpc.host.socket;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** Addresses that the policy has allowed for one socket, so that a packet to a known one needs no judgement. Remembers up to 16. */
final class PermittedTargets {
    private static final int ENTRIES = 16;
    private static final int LONGS = 3;
    private final long[] known = new long[ENTRIES * LONGS];

    boolean contains(final DirectBuffer buffer, final int offset) {
        final int entry = entry(buffer, offset);
        for (int i = 0; i < LONGS; i++) {
            if (known[entry + i] != part(buffer, offset, i)) {
                return false;
            }
        }
        return known[entry] != 0; // family 0 is no target
    }

    void add(final DirectBuffer buffer, final int offset) {
        final int entry = entry(buffer, offset);
        for (int i = 0; i < LONGS; i++) {
            known[entry + i] = part(buffer, offset, i);
        }
    }

    private static int entry(final DirectBuffer buffer, final int offset) {
        final long mixed = (part(buffer, offset, 0) * 31 + part(buffer, offset, 1)) * 31 + part(buffer, offset, 2);
        return (int)(mixed * 0x9e37_79b9_7f4a_7c15L >>> 60) * LONGS;
    }

    private static long part(final DirectBuffer buffer, final int offset, final int index) {
        return buffer.getLong(offset + index * Long.BYTES, ByteOrder.LITTLE_ENDIAN);
    }
}
