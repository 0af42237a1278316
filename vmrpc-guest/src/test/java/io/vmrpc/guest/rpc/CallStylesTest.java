package io.vmrpc.guest.rpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vmrpc.guest.rpc.Everything.Order;
import io.vmrpc.guest.rpc.Everything.Side;
import io.vmrpc.host.rpc.RpcService;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every type goes there and back. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CallStylesTest {
    @TempDir
    Path folder;
    private final EverythingService host = new EverythingService();
    private RpcLoopback loopback;
    private Everything stub;

    @BeforeEach
    void open() throws IOException {
        loopback = new RpcLoopback(folder, RpcLoopback.SMALL, RpcService.of(EverythingDispatcher.of(host)));
        stub = EverythingStub.of(loopback.rpc);
    }

    @AfterEach
    void close() {
        loopback.close();
    }

    @Test
    void primitivesAndEnums() {
        assertEquals(5, stub.add(2, 3));
        assertEquals(-1, stub.add(Integer.MAX_VALUE, Integer.MIN_VALUE));
        assertEquals(1 - 2 - 3 + 'c' + 5 + 6 + 7 + 8, stub.primitives(true, (byte)-2, (short)-3, 'c', 5, 6, 7.5f, 8.5));
        assertEquals(Side.SELL, stub.opposite(Side.BUY));
        assertEquals(3, stub.three());
        assertEquals(8, stub.twice(4));
        assertEquals("abab", stub.twice("ab"));
        stub.nothing();
    }

    static void assertSame(final Order expected, final Order actual) {
        assertEquals(expected.id(), actual.id());
        assertEquals(expected.side(), actual.side());
        assertEquals(expected.price(), actual.price());
        assertEquals(expected.text(), actual.text());
        assertEquals(expected.legs(), actual.legs());
        assertEquals(expected.limit(), actual.limit());
        assertArrayEquals(expected.tag(), actual.tag());
        assertEquals(expected.main(), actual.main());
    }

    @Test
    void recordsListsOptionals() {
        for (int i = 0; i < 7; i++) {
            assertSame(EverythingService.order(i), stub.copy(EverythingService.order(i)));
        }
        assertEquals("a, ß, 😀, ", stub.join(List.of("a", "ß", "😀", ""), Optional.of(", ")));
        assertEquals("ab", stub.join(List.of("a", "b"), Optional.empty()));
        assertEquals("", stub.join(List.of(), Optional.of("")));
        final List<Optional<Order>> orders = stub.nested(List.of(List.of(), List.of(1, -1), List.of(2)), Optional.of(EverythingService.order(4)));
        assertEquals(3, orders.size());
        assertSame(EverythingService.order(4), orders.get(0).orElseThrow());
        assertEquals(Optional.empty(), orders.get(1));
        assertSame(EverythingService.order(4), orders.get(2).orElseThrow());
        assertArrayEquals(new byte[]{3, 2, 1}, stub.reverse(new byte[]{1, 2, 3}));
    }

    @Test
    void declaredExceptions() {
        final Everything.Rejected rejected = assertThrows(Everything.Rejected.class, () -> stub.reject("too late"));
        assertEquals("too late", rejected.getMessage());
    }
}
