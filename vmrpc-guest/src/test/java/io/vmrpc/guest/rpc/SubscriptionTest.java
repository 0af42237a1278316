package io.vmrpc.guest.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.guest.rpc.Everything.Order;
import io.vmrpc.host.rpc.RpcService;
import io.vmrpc.rpc.CallCounters;
import io.vmrpc.rpc.RpcException;
import io.vmrpc.rpc.Subscription;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Events, and the credits that bound them. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SubscriptionTest {
    @TempDir
    Path folder;
    private final EverythingService host = new EverythingService();
    private final CallCounters counters = new CallCounters();
    private RpcLoopback loopback;
    private EverythingStub stub;

    @BeforeEach
    void open() throws IOException {
        loopback = new RpcLoopback(folder, RpcLoopback.SMALL, RpcService.of(EverythingDispatcher.of(host)).intercept(counters));
        stub = EverythingStub.of(loopback.rpc);
    }

    @AfterEach
    void close() {
        loopback.close();
    }

    @Test
    void allEventsComeInOrderThenTheEnd() {
        for (final int window : new int[]{1, 2, 3, 64, 1000}) { // the ring has 16 records
            final Subscription<Order> orders = stub.withWindow(window).orders(5, 505);
            for (int i = 5; i < 505; i++) {
                CallStylesTest.assertSame(EverythingService.order(i), orders.next());
            }
            assertNull(orders.next());
            assertTrue(orders.isEnded());
            orders.close();
        }
    }

    @Test
    void hostSendsNoMoreThanWasGranted() {
        final Subscription<Order> orders = stub.withWindow(3).orders(0, 100);
        for (int i = 0; i < 20; i++) {
            stub.nothing(); // takes in whatever has come
        }
        assertEquals(3, host.sent);
        assertEquals(0, orders.next().id());
        assertEquals(1, orders.next().id());
        stub.nothing();
        assertEquals(5, host.sent);
        orders.close();
    }

    @Test
    void listenerGetsEventsWhileOthersCall() {
        final List<Long> ids = new ArrayList<>();
        final List<Object> ends = new ArrayList<>();
        final Subscription<Order> orders = stub.withWindow(4).orders(0, 50);
        orders.onEvent(order -> ids.add(order.id()));
        orders.onEnd(failure -> ends.add(String.valueOf(failure)));
        while (!orders.isEnded()) {
            assertEquals(3, stub.add(1, 2));
        }
        assertEquals(50, ids.size());
        assertEquals(49, ids.get(49));
        assertEquals(List.of("null"), ends);
    }

    @Test
    void listenerThatThrowsHarmsOnlyTheCallThatItRunsIn() {
        final List<Long> ids = new ArrayList<>();
        final Subscription<Order> orders = stub.withWindow(1).orders(0, 5);
        orders.onEvent(order -> {
            ids.add(order.id());
            if (order.id() == 2) {
                throw new IllegalStateException("the listener's own mistake");
            }
        });
        assertThrows(IllegalStateException.class, () -> {
            while (!orders.isEnded()) {
                stub.nothing();
            }
        });
        assertEquals(3, stub.add(1, 2));
        while (!orders.isEnded()) {
            assertNull(orders.poll()); // grants what the listener's exception has kept from being granted
            stub.nothing();
        }
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L), ids);
    }

    @Test
    void closeEndsTheHostsSide() {
        final Subscription<Order> orders = stub.withWindow(3).orders(0, 100);
        orders.next();
        orders.close();
        orders.close();
        assertNull(orders.poll());
        while (host.publishers.get(0).isOutstanding()) {
            stub.nothing();
        }
        assertTrue(host.publishers.get(0).context().isCancelled());
        while (counters.of("everything@1.orders").outstanding() > 0) {
            Thread.onSpinWait();
        }
        assertEquals(1, counters.of("everything@1.orders").failed());
        assertThrows(IllegalStateException.class, () -> host.publishers.get(0).isReady(), "this is not the shard's thread");
    }

    @Test
    void deadlineOfNextLeavesTheSubscription() {
        final Subscription<Order> orders = stub.withWindow(1).orders(0, 1_000_000);
        assertEquals(0, orders.next().id());
        assertEquals(1, orders.next(System.nanoTime() + 20_000_000_000L).id());
        final Subscription<Order> silent = stub.orders(1, 0);
        assertNull(silent.next(System.nanoTime() + 1_000_000));
        assertFalse(silent.isEnded());
        silent.close();
        orders.close();
    }

    @Test
    void eventsOfBuffersFitIntoARecord() {
        final Subscription<DirectBuffer> fits = stub.parts(250);
        assertEquals(250, fits.next().capacity());
        final Subscription<DirectBuffer> exceeds = stub.parts(251);
        final RpcException failure = assertThrows(RpcException.class, exceeds::next);
        assertTrue(failure.getMessage().contains("everything@1.parts"), failure.getMessage());
    }
}
