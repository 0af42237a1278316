package io.vmrpc.guest.rpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.error.Status;
import io.vmrpc.guest.rpc.Everything.Order;
import io.vmrpc.guest.rpc.Everything.Side;
import io.vmrpc.host.rpc.RpcService;
import io.vmrpc.rpc.LongPoll;
import io.vmrpc.rpc.RpcException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every type goes there and back, in each style of call. */
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
    void oneWay() {
        for (int i = 0; i < 100; i++) {
            stub.count(i);
        }
        assertEquals(4950, stub.counted(), "one-way calls are carried out in their order and before the calls behind them");
    }

    @Test
    void stages() {
        assertEquals("a!", loopback.rpc.join(stub.later("a")));
        final List<CompletionStage<String>> stages = new ArrayList<>();
        for (int i = 0; i < 40; i++) { // more than the ring holds
            stages.add(stub.later("x" + i));
        }
        for (int i = 0; i < 40; i++) {
            assertEquals("x" + i + "!", loopback.rpc.join(stages.get(i)));
        }
        final CompletionException bad = assertThrows(CompletionException.class, () -> loopback.rpc.join(stub.later("bad")));
        assertEquals(Status.INTERNAL, ((RpcException)bad.getCause()).status());
        assertFalse(bad.getMessage().contains("secret"));
        final CompletionException rejected = assertThrows(CompletionException.class, () -> loopback.rpc.join(stub.laterNothing()));
        assertEquals("not now", assertInstanceOf(Everything.Rejected.class, rejected.getCause()).getMessage());
    }

    @Test
    void continuationsCallWhileTheRingIsFull() {
        final List<CompletionStage<String>> stages = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            final int id = i;
            stages.add(stub.later("x".repeat(i * 20)).thenCompose(text -> stub.later(text + id)));
        }
        for (int i = 0; i < 60; i++) {
            assertEquals("x".repeat(i * 20) + "!" + i + "!", loopback.rpc.join(stages.get(i)));
        }
    }

    @Test
    void cancelledStageCancelsTheHosts() throws Exception {
        final CompletableFuture<String> stage = stub.later("never").toCompletableFuture();
        stub.nothing();
        assertTrue(stage.cancel(true));
        assertThrows(CancellationException.class, () -> host.never.get(20, TimeUnit.SECONDS));
        assertEquals(3, stub.add(1, 2));
    }

    @Test
    void anotherThreadsCancelEndsTheWaitAndReachesTheHost() {
        loopback.rpc.channel().allowWakeup();
        final CompletableFuture<String> stage = stub.later("never").toCompletableFuture();
        final Thread other = new Thread(() -> stage.cancel(true));
        other.start();
        while (!host.never.isCancelled()) {
            loopback.rpc.await(Long.MAX_VALUE);
            stub.nothing();
        }
        assertTrue(stage.isCancelled());
    }

    private static LongPoll<Long> poll(final EverythingService service, final int id) {
        LongPoll<Long> poll = service.polls.get(id);
        while (poll == null) {
            Thread.yield();
            poll = service.polls.get(id);
        }
        return poll;
    }

    @Test
    void replyWithheldIsCompletedByAnyThread() throws Exception {
        for (int i = 0; i < 50; i++) {
            final int id = i;
            final Thread other = new Thread(() -> assertTrue(poll(host, id).complete(1000L + id)));
            other.start();
            assertEquals(1000 + id, stub.next(id));
            other.join();
        }
    }

    @Test
    void secondCompletionIsRefusedAndTheFirstStands() throws Exception {
        final AtomicReference<Throwable> second = new AtomicReference<>();
        final Thread other = new Thread(() -> {
            poll(host, 1).complete(5L);
            try {
                poll(host, 1).complete(6L);
            } catch (final IllegalStateException e) {
                second.set(e);
            }
        });
        other.start();
        assertEquals(5, stub.next(1));
        other.join();
        assertTrue(second.get().getMessage().contains("everything@1.next was completed already"), () -> "" + second.get());
        assertFalse(poll(host, 1).isOutstanding());
    }

    @Test
    void ofRacingCompletionsOneStands() throws Exception {
        for (int round = 0; round < 200; round++) {
            final int id = round;
            final AtomicLong winner = new AtomicLong(-1);
            final AtomicInteger refused = new AtomicInteger();
            final List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                final long value = i;
                final Thread thread = new Thread(() -> {
                    try {
                        assertTrue(poll(host, id).complete(value));
                        assertTrue(winner.compareAndSet(-1, value), "two completions stand");
                    } catch (final IllegalStateException e) {
                        refused.incrementAndGet();
                    }
                });
                threads.add(thread);
                thread.start();
            }
            final long got = stub.next(id);
            for (final Thread thread : threads) {
                thread.join();
            }
            assertEquals(winner.get(), got);
            assertEquals(2, refused.get());
        }
    }

    @Test
    void deadlineEndsACallThatIsNeverAnswered() throws Exception {
        final Everything hurried = EverythingStub.of(loopback.rpc).withDeadline(Duration.ofMillis(50));
        assertEquals(Status.DEADLINE_EXCEEDED, assertThrows(RpcException.class, () -> hurried.next(3)).status());
        final LongPoll<Long> never = poll(host, 3);
        final CountDownLatch told = new CountDownLatch(1);
        never.onEnd(status -> told.countDown());
        assertTrue(told.await(20, TimeUnit.SECONDS));
        assertTrue(never.context().isCancelled());
        assertFalse(never.complete(1L), "nobody waits for it");
        assertEquals(4, stub.add(1, 3));
    }

    @Test
    void withheldRepliesBringExceptionsAndNull() throws Exception {
        assertEquals("id=-1", assertInstanceOf(Everything.Rejected.class,
            assertThrows(CompletionException.class, () -> loopback.rpc.join(stub.nextBytes(-1))).getCause()).getMessage());
        final CompletionStage<byte[]> stage = stub.nextBytes(9);
        stub.nothing();
        assertThrows(IllegalArgumentException.class, () -> host.bytePolls.get(9).complete(null));
        assertTrue(host.bytePolls.get(9).fail(new Everything.Rejected("no")));
        assertInstanceOf(Everything.Rejected.class, assertThrows(CompletionException.class, () -> loopback.rpc.join(stage)).getCause());
    }

    @Test
    void methodThatThrowsAfterItTookTheReplyHasAnswered() throws Exception {
        final CompletionException failure = assertThrows(CompletionException.class, () -> loopback.rpc.join(stub.nextBytes(1_000)));
        assertEquals(Status.INTERNAL, ((RpcException)failure.getCause()).status());
        assertThrows(IllegalStateException.class, () -> host.bytePolls.get(1_000).complete(new byte[0]));
    }

    @Test
    void declaredExceptions() {
        final Everything.Rejected rejected = assertThrows(Everything.Rejected.class, () -> stub.reject("too late"));
        assertEquals("too late", rejected.getMessage());
    }
}
