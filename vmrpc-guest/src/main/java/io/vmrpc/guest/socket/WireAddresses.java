package io.vmrpc.guest.socket;

import static io.vmrpc.socket.SocketAddressDescriptor.BYTES;

import io.vmrpc.socket.RecentAddresses;
import io.vmrpc.socket.SocketAddressDescriptor;
import io.vmrpc.socket.SocketAddresses;
import io.vmrpc.socket.SocketProtocol;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Addresses of one socket, between Java and the wire. An IPv4-mapped IPv6 address is an IPv4 address in Java, as in the JDK. Addresses that
 * came lately are kept, so that their next datagram costs no memory. The owner's.
 */
final class WireAddresses {
    private static final int MAPPED_IPV4 = 12;
    private final int family;
    private RecentAddresses recent;
    private InetSocketAddress[] sources;

    WireAddresses(final int family) {
        this.family = family;
    }

    /** Writes an address as a socket of this family takes it; its length. */
    int put(final MutableDirectBuffer buffer, final int offset, final SocketAddress address) {
        final int length = SocketAddresses.put(buffer, offset, address);
        if (family == SocketProtocol.FAMILY_IPV6 && SocketAddresses.family(buffer, offset) == SocketProtocol.FAMILY_IPV4) {
            SocketAddresses.map(buffer, offset);
            if (buffer.getInt(offset + BYTES + MAPPED_IPV4) == 0) {
                buffer.putInt(offset + BYTES + 8, 0); // 0.0.0.0 means all of the socket's, as with java.nio: ::
            }
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
        if (sources == null) {
            recent = new RecentAddresses();
            sources = new InetSocketAddress[RecentAddresses.PLACES];
        }
        final int place = recent.find(buffer, offset);
        if (place != RecentAddresses.UNKNOWN) {
            return sources[place];
        }
        final InetSocketAddress source = (InetSocketAddress)get(buffer, offset, SocketAddressDescriptor.LENGTH);
        if (source != null) {
            sources[recent.add(buffer, offset)] = source;
        }
        return source;
    }
}
