package io.vmrpc.guest.socket;

import static io.vmrpc.socket.SocketAddressDescriptor.BYTES;
import static io.vmrpc.socket.SocketAddressDescriptor.FAMILY;

import io.vmrpc.socket.SocketAddressDescriptor;
import io.vmrpc.socket.SocketAddresses;
import io.vmrpc.socket.SocketProtocol;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Addresses of one socket, between Java and the wire. An IPv4-mapped IPv6 address is an IPv4 address in Java, as in the JDK. Addresses that
 * came lately are kept, so that their next datagram costs no memory. The owner's.
 */
final class WireAddresses {
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final int ENTRIES = 16;
    private static final int LONGS = 3;
    private static final int MAPPED_IPV4 = 12;
    private final int family;
    private long[] keys;
    private InetSocketAddress[] known;

    WireAddresses(final int family) {
        this.family = family;
    }

    /** Writes an address as a socket of this family takes it; its length. */
    int put(final MutableDirectBuffer buffer, final int offset, final SocketAddress address) {
        final int length = SocketAddresses.put(buffer, offset, address);
        if (family == SocketProtocol.FAMILY_IPV6 && SocketAddresses.family(buffer, offset) == SocketProtocol.FAMILY_IPV4) {
            final int ipv4 = buffer.getInt(offset + BYTES);
            buffer.putShort(offset + FAMILY, (short)SocketProtocol.FAMILY_IPV6, ORDER);
            buffer.putLong(offset + BYTES, 0);
            buffer.putInt(offset + BYTES + 8, ipv4 == 0 ? 0 : 0xffff_0000, ORDER); // 0.0.0.0 means all of the socket's, as with java.nio: ::
            buffer.putInt(offset + BYTES + MAPPED_IPV4, ipv4);
        }
        return length;
    }

    /** Reads an address; null for none. */
    static SocketAddress get(final DirectBuffer buffer, final int offset, final int available) {
        final SocketAddress address = SocketAddresses.get(buffer, offset, available);
        return address instanceof InetSocketAddress internet ? unmapped(internet) : address;
    }

    private static InetSocketAddress unmapped(final InetSocketAddress address) {
        try {
            final byte[] bytes = address.getAddress().getAddress();
            final boolean isMapped = bytes.length == 16 && isMapped(bytes);
            return isMapped ? new InetSocketAddress(InetAddress.getByAddress(Arrays.copyOfRange(bytes, MAPPED_IPV4, 16)), address.getPort())
                : address;
        } catch (final UnknownHostException e) {
            throw new IllegalArgumentException(e); // the length is right
        }
    }

    private static boolean isMapped(final byte[] bytes) {
        for (int i = 0; i < MAPPED_IPV4; i++) {
            if (bytes[i] != (byte)(i < 10 ? 0 : 0xff)) {
                return false;
            }
        }
        return true;
    }

    /** Reads the address of a datagram's sender; null for family 0. */
    InetSocketAddress source(final DirectBuffer buffer, final int offset) {
        final int entry = entry(buffer, offset);
        if (known != null && known[entry] != null && isKnown(buffer, offset, entry * LONGS)) {
            return known[entry];
        }
        final InetSocketAddress source = (InetSocketAddress)get(buffer, offset, SocketAddressDescriptor.LENGTH);
        if (source != null) {
            keep(buffer, offset, entry, source);
        }
        return source;
    }

    private static int entry(final DirectBuffer buffer, final int offset) {
        final long mixed = (part(buffer, offset, 0) * 31 + part(buffer, offset, 1)) * 31 + part(buffer, offset, 2);
        return (int)(mixed * 0x9e37_79b9_7f4a_7c15L >>> 60);
    }

    private static long part(final DirectBuffer buffer, final int offset, final int index) {
        return buffer.getLong(offset + index * Long.BYTES, ORDER);
    }

    private boolean isKnown(final DirectBuffer buffer, final int offset, final int at) {
        return keys[at] == part(buffer, offset, 0) && keys[at + 1] == part(buffer, offset, 1) && keys[at + 2] == part(buffer, offset, 2);
    }

    private void keep(final DirectBuffer buffer, final int offset, final int entry, final InetSocketAddress source) {
        if (known == null) {
            known = new InetSocketAddress[ENTRIES];
            keys = new long[ENTRIES * LONGS];
        }
        known[entry] = source;
        for (int i = 0; i < LONGS; i++) {
            keys[entry * LONGS + i] = part(buffer, offset, i);
        }
    }
}
