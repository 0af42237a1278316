package io.vmrpc.socket;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** Remembers up to 16 addresses of IPv4 and IPv6 in their form on the wire, without allocation: a newer one may take an older one's place. Not thread-safe. */
public final class RecentAddresses {
    /** How many places there are. */
    public static final int PLACES = 16;
    /** {@link #find} knows no such address. */
    public static final int UNKNOWN = -1;
    private static final int LONGS = SocketAddressDescriptor.LENGTH / Long.BYTES;
    private final long[] known = new long[PLACES * LONGS];

    /** Begins with none. */
    public RecentAddresses() {
    }

    /**
     * Looks for an address.
     *
     * @param buffer that holds it.
     * @param offset of its first byte.
     * @return its place, 0 to 15, or {@link #UNKNOWN}; one of family 0 is never known.
     */
    public int find(final DirectBuffer buffer, final int offset) {
        final int place = place(buffer, offset);
        for (int i = 0; i < LONGS; i++) {
            if (known[place * LONGS + i] != part(buffer, offset, i)) {
                return UNKNOWN;
            }
        }
        return known[place * LONGS] == 0 ? UNKNOWN : place;
    }

    /**
     * Remembers an address.
     *
     * @param buffer that holds it.
     * @param offset of its first byte.
     * @return its place, 0 to 15.
     */
    public int add(final DirectBuffer buffer, final int offset) {
        final int place = place(buffer, offset);
        for (int i = 0; i < LONGS; i++) {
            known[place * LONGS + i] = part(buffer, offset, i);
        }
        return place;
    }

    private static int place(final DirectBuffer buffer, final int offset) {
        final long mixed = (part(buffer, offset, 0) * 31 + part(buffer, offset, 1)) * 31 + part(buffer, offset, 2);
        return (int)(mixed * 0x9e37_79b9_7f4a_7c15L >>> 60);
    }

    private static long part(final DirectBuffer buffer, final int offset, final int index) {
        return buffer.getLong(offset + index * Long.BYTES, ByteOrder.LITTLE_ENDIAN);
    }
}
