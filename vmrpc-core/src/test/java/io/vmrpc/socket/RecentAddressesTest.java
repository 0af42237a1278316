package io.vmrpc.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class RecentAddressesTest {
    private final RecentAddresses recent = new RecentAddresses();

    private static UnsafeBuffer wire(final SocketAddress address) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[SocketProtocol.MAX_ADDRESS]);
        SocketAddresses.put(buffer, 0, address);
        return buffer;
    }

    @Test
    void anAddressIsKnownOnceItWasAdded() {
        for (final String host : new String[] {"10.0.0.1", "::1", "::ffff:10.0.0.1"}) {
            final UnsafeBuffer address = wire(new InetSocketAddress(host, 80));
            final int before = recent.find(address, 0);
            final int place = recent.add(address, 0);
            assertTrue(before == RecentAddresses.UNKNOWN || before == place, host);
            assertEquals(place, recent.find(address, 0));
            assertEquals(RecentAddresses.UNKNOWN, recent.find(wire(new InetSocketAddress(host, 81)), 0), "another port");
        }
    }

    @Test
    void noneIsNeverKnown() {
        assertEquals(RecentAddresses.UNKNOWN, recent.find(wire(null), 0));
        recent.add(wire(null), 0);
        assertEquals(RecentAddresses.UNKNOWN, recent.find(wire(null), 0));
    }

    @Test
    void aNewerOneTakesAnOlderOnesPlaceAndNoOther() {
        final UnsafeBuffer[] inPlace = new UnsafeBuffer[RecentAddresses.PLACES];
        for (int port = 1; port <= 1_000; port++) {
            final UnsafeBuffer address = wire(new InetSocketAddress("10.0.0.1", port));
            inPlace[recent.add(address, 0)] = address;
            for (int place = 0; place < inPlace.length; place++) {
                assertTrue(inPlace[place] == null || recent.find(inPlace[place], 0) == place);
            }
        }
    }

    @Test
    void anIpv4AddressIsMapped() {
        final UnsafeBuffer address = wire(new InetSocketAddress("192.0.2.7", 80));
        SocketAddresses.map(address, 0);
        assertEquals(SocketProtocol.FAMILY_IPV6, SocketAddresses.family(address, 0));
        assertEquals(80, SocketAddresses.port(address, 0));
        final byte[] expected = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, (byte)192, 0, 2, 7};
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], address.getByte(SocketAddressDescriptor.BYTES + i));
        }
    }
}
