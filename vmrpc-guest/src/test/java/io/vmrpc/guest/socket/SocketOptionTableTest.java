package io.vmrpc.guest.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.socket.SocketProtocol;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.Set;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;

class SocketOptionTableTest {
    @Test
    void everySupportedOptionHasANumber() {
        for (final Set<SocketOption<?>> set : Set.of(SocketOptionTable.DATAGRAM, SocketOptionTable.STREAM)) {
            for (final SocketOption<?> option : set) {
                final int number = SocketOptionTable.number(set, option);
                assertTrue(number >= SocketProtocol.SO_REUSEADDR && number <= SocketProtocol.TCP_USER_TIMEOUT, option.name());
            }
        }
    }

    @Test
    void namesOfTheJdkAndOfThisPackageMeanTheSame() {
        assertEquals(SocketOptionTable.number(SocketOptionTable.STREAM, VmSocketOptions.TCP_KEEPIDLE),
            SocketOptionTable.number(SocketOptionTable.STREAM, ExtendedSocketOptions.TCP_KEEPIDLE));
    }

    @Test
    void optionsOfOtherSocketsAreRefused() {
        final UnsupportedOperationException e = assertThrows(UnsupportedOperationException.class, () ->
            SocketOptionTable.number(SocketOptionTable.DATAGRAM, StandardSocketOptions.IP_MULTICAST_IF));
        assertTrue(e.getMessage().contains("MULTICAST_INTERFACE"), e.getMessage());
        assertThrows(UnsupportedOperationException.class, () ->
            SocketOptionTable.number(SocketOptionTable.DATAGRAM, StandardSocketOptions.TCP_NODELAY));
        assertThrows(UnsupportedOperationException.class, () ->
            SocketOptionTable.number(SocketOptionTable.STREAM, StandardSocketOptions.SO_BROADCAST));
    }

    @Test
    void valuesTravelAsNumbers() {
        assertEquals(1, SocketOptionTable.toWire(StandardSocketOptions.TCP_NODELAY, true));
        assertEquals(0, SocketOptionTable.toWire(StandardSocketOptions.TCP_NODELAY, false));
        assertEquals(4711, SocketOptionTable.toWire(StandardSocketOptions.SO_RCVBUF, 4711));
        assertEquals(-1, SocketOptionTable.toWire(StandardSocketOptions.SO_LINGER, -20), "any negative number means none");
        assertThrows(IllegalArgumentException.class, () -> SocketOptionTable.toWire(StandardSocketOptions.SO_RCVBUF, null));
        assertTrue(SocketOptionTable.fromWire(StandardSocketOptions.TCP_NODELAY, 1));
        assertFalse(SocketOptionTable.fromWire(StandardSocketOptions.TCP_NODELAY, 0));
        assertEquals(-1, SocketOptionTable.fromWire(StandardSocketOptions.SO_LINGER, -1));
    }
}
