package io.vmrpc.guest.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.vmrpc.socket.SocketAddresses;
import io.vmrpc.socket.SocketProtocol;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class WireAddressesTest {
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[SocketProtocol.MAX_ADDRESS]);

    @Test
    void ipv6SocketUsesIpv4InItsMappedForm() throws UnknownHostException {
        final WireAddresses addresses = new WireAddresses(SocketProtocol.FAMILY_IPV6);
        final InetSocketAddress ipv4 = new InetSocketAddress(InetAddress.getByName("10.1.2.3"), 4711);
        assertEquals(24, addresses.put(buffer, 0, ipv4));
        assertEquals(SocketProtocol.FAMILY_IPV6, SocketAddresses.family(buffer, 0));
        assertEquals(4711, SocketAddresses.port(buffer, 0));
        final InetSocketAddress back = addresses.source(buffer, 0);
        assertEquals(ipv4, back);
        assertSame(Inet4Address.class, back.getAddress().getClass());
    }

    @Test
    void wildcardOfAnIpv6SocketIsBoth() throws UnknownHostException {
        new WireAddresses(SocketProtocol.FAMILY_IPV6).put(buffer, 0, new InetSocketAddress(InetAddress.getByName("0.0.0.0"), 4711));
        assertEquals(new InetSocketAddress(InetAddress.getByName("::"), 4711), WireAddresses.get(buffer, 0, 24));
    }

    @Test
    void ipv4SocketUsesIpv4AsItIs() throws UnknownHostException {
        final InetSocketAddress ipv4 = new InetSocketAddress(InetAddress.getByName("10.1.2.3"), 4711);
        new WireAddresses(SocketProtocol.FAMILY_IPV4).put(buffer, 0, ipv4);
        assertEquals(SocketProtocol.FAMILY_IPV4, SocketAddresses.family(buffer, 0));
        assertEquals(ipv4, WireAddresses.get(buffer, 0, 24));
    }

    @Test
    void sourcesThatCameLatelyAreTheSameObject() throws UnknownHostException {
        final WireAddresses addresses = new WireAddresses(SocketProtocol.FAMILY_IPV6);
        addresses.put(buffer, 0, new InetSocketAddress(InetAddress.getByName("2001:db8::1"), 1));
        final InetSocketAddress first = addresses.source(buffer, 0);
        assertSame(first, addresses.source(buffer, 0));
        buffer.putByte(2, (byte)2);
        assertEquals(2, addresses.source(buffer, 0).getPort(), "another port is another address");
    }

    @Test
    void familyZeroIsNoAddress() {
        final WireAddresses addresses = new WireAddresses(SocketProtocol.FAMILY_IPV4);
        addresses.put(buffer, 0, null);
        assertNull(addresses.source(buffer, 0));
        assertNull(WireAddresses.get(buffer, 0, 24));
    }
}
