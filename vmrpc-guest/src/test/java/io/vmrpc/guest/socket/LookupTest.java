package io.vmrpc.guest.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.error.Status;
import io.vmrpc.error.VmrpcException;
import io.vmrpc.guest.socket.SocketLoopback.Wait;
import io.vmrpc.host.policy.GuestPolicy;
import io.vmrpc.host.policy.Limits;
import io.vmrpc.host.policy.Policy;
import io.vmrpc.host.service.Request;
import io.vmrpc.host.service.Service;
import io.vmrpc.host.service.Withheld;
import io.vmrpc.socket.SocketAddressDescriptor;
import io.vmrpc.socket.SocketAddresses;
import io.vmrpc.socket.SocketProtocol;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Names that are looked up while the thread waits for other things. */
@Timeout(60)
class LookupTest {
    private static final long NEVER = Long.MAX_VALUE;
    /** Of the small ring, an eighth. */
    private static final int AT_A_TIME = 2;
    @TempDir
    Path folder;
    private final Names names = new Names();
    private SocketLoopback loopback;

    @AfterEach
    void close() {
        if (loopback != null) {
            loopback.close();
        }
    }

    /** A host that answers when the test says so. */
    private static final class Names implements Service {
        final List<Withheld> asked = new CopyOnWriteArrayList<>();

        @Override
        public String name() {
            return SocketProtocol.SERVICE;
        }

        @Override
        public void onRequest(final Request request) {
            switch (request.method()) {
                case SocketProtocol.EVENTS -> request.subscribe();
                case SocketProtocol.LOOKUP -> asked.add(request.withhold());
                default -> request.fail(Status.UNIMPLEMENTED, 0, "names only");
            }
        }

        void answer(final int index, final InetAddress address) {
            final UnsafeBuffer answer = new UnsafeBuffer(new byte[SocketAddressDescriptor.LENGTH]);
            SocketAddresses.put(answer, 0, new InetSocketAddress(address, 0));
            asked.get(index).onShard(() -> asked.get(index).complete(answer, 0, SocketAddressDescriptor.LENGTH));
        }
    }

    private void openWithNames() throws IOException {
        final Supplier<Service> service = () -> names;
        loopback = new SocketLoopback(folder, Wait.PARK, SocketLoopback.SMALL, service, new SocketsContext());
    }

    private CompletableFuture<List<InetAddress>> begin(final String name, final long deadlineNs) {
        return loopback.sockets.lookupAsync(name, deadlineNs);
    }

    /** Waits as an event loop does. */
    private <T> T join(final CompletableFuture<T> future) {
        while (!future.isDone()) {
            loopback.sockets.await(NEVER);
        }
        return future.join();
    }

    private static <X extends Exception> X failure(final Class<X> kind, final CompletableFuture<?> future) {
        return assertInstanceOf(kind, assertThrows(CompletionException.class, future::join).getCause());
    }

    @ParameterizedTest
    @EnumSource(Wait.class)
    void namesAreFoundWhileTheThreadWaits(final Wait wait) throws IOException {
        loopback = new SocketLoopback(folder, wait);
        final List<InetAddress> found = join(begin("localhost", NEVER));
        assertTrue(found.stream().allMatch(InetAddress::isLoopbackAddress), found::toString);
        assertEquals("localhost", found.get(0).getHostName());
        assertEquals(List.of(InetAddress.getByName("192.0.2.7")), join(begin("192.0.2.7", NEVER)));
        final CompletableFuture<List<InetAddress>> unknown = begin("no-such-name.invalid", SocketLoopback.in(Duration.ofSeconds(30)));
        assertThrows(CompletionException.class, () -> join(unknown));
        assertTrue(failure(UnknownHostException.class, unknown).getMessage().contains("no-such-name.invalid"));
        failure(UnknownHostException.class, begin("", NEVER));
        failure(UnknownHostException.class, begin("x".repeat(1000), NEVER));
    }

    @Test
    void addressesAreAsTheHostHasThem() throws IOException {
        openWithNames();
        final Inet6Address scoped = Inet6Address.getByAddress(null, InetAddress.getByName("fe80::1").getAddress(), 3);
        for (final InetAddress address : List.of(scoped, InetAddress.getByName("2001:db8::1"), InetAddress.getByName("192.0.2.1"))) {
            final int number = names.asked.size();
            final CompletableFuture<List<InetAddress>> future = begin("a.test", NEVER);
            awaitAsked(number + 1);
            names.answer(number, address);
            final InetAddress found = join(future).get(0);
            assertEquals("a.test", found.getHostName());
            assertEquals(address.getHostAddress(), found.getHostAddress());
        }
    }

    private void awaitAsked(final int count) {
        while (names.asked.size() < count) {
            loopback.sockets.poll();
        }
    }

    @Test
    void policyWithoutAnyAddressAllowsNoNames() throws IOException {
        final Policy policy = Policy.forAll(GuestPolicy.of(Limits.DEFAULT, List.of()));
        loopback = new SocketLoopback(folder, Wait.PARK, SocketLoopback.SMALL, policy, new SocketsContext());
        final CompletableFuture<List<InetAddress>> refused = begin("localhost", NEVER);
        assertThrows(CompletionException.class, () -> join(refused));
        assertTrue(failure(SocketException.class, refused).getMessage().contains("policy"));
    }

    @Test
    void manyNamesTakeTurns() throws IOException {
        openWithNames();
        final List<CompletableFuture<List<InetAddress>>> futures = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            futures.add(begin("n" + i + ".test", NEVER));
        }
        for (int i = 0; i < futures.size(); i++) {
            awaitAsked(Math.min(i + AT_A_TIME, futures.size()));
            assertTrue(names.asked.size() <= i + AT_A_TIME, () -> "asked at once: " + names.asked.size());
            names.answer(i, InetAddress.getByAddress(new byte[] {10, 0, 0, (byte)i}));
            assertEquals(i, join(futures.get(i)).get(0).getAddress()[3] & 0xff);
        }
    }

    @Test
    void dependentsRunOnTheThreadThatWaitsAndMayDoAnything() throws IOException {
        loopback = new SocketLoopback(folder, Wait.PARK);
        final Thread[] told = new Thread[1];
        final CompletableFuture<List<InetAddress>> second = begin("localhost", NEVER).thenCompose(first -> {
            told[0] = Thread.currentThread();
            try {
                assertEquals(first, loopback.sockets.lookup("localhost", NEVER)); // a call, which a listener of the channel could not make
            } catch (final IOException e) {
                throw new CompletionException(e);
            }
            return begin("127.0.0.2", NEVER);
        });
        assertEquals("127.0.0.2", join(second).get(0).getHostAddress());
        assertSame(Thread.currentThread(), told[0]);
    }

    @Test
    void deadlineEndsThoseThatWereAskedAndThoseThatWait() throws IOException {
        openWithNames();
        final long deadlineNs = SocketLoopback.in(Duration.ofMillis(50));
        final CompletableFuture<List<InetAddress>> patient = begin("p.test", NEVER);
        final List<CompletableFuture<List<InetAddress>>> futures = List.of(begin("a.test", deadlineNs), begin("b.test", deadlineNs));
        final CompletableFuture<List<InetAddress>> next = begin("c.test", NEVER);
        loopback.sockets.await(NEVER); // comes back, by the deadline of the lookups
        for (final CompletableFuture<List<InetAddress>> each : futures) {
            assertThrows(CompletionException.class, () -> join(each));
            assertTrue(System.nanoTime() - deadlineNs >= 0);
            failure(UnknownHostException.class, each);
        }
        awaitAsked(3); // the place of one that is over is free again
        names.answer(2, InetAddress.getByName("192.0.2.3"));
        names.answer(0, InetAddress.getByName("192.0.2.1"));
        assertEquals("192.0.2.3", join(next).get(0).getHostAddress());
        assertEquals("192.0.2.1", join(patient).get(0).getHostAddress());
    }

    @Test
    void whoGaveUpIsNotAskedFor() throws IOException {
        openWithNames();
        final CompletableFuture<List<InetAddress>> first = begin("a.test", NEVER);
        final CompletableFuture<List<InetAddress>> second = begin("b.test", NEVER);
        begin("c.test", NEVER).cancel(false);
        final CompletableFuture<List<InetAddress>> last = begin("d.test", NEVER);
        second.cancel(false); // it was asked for: its answer is nobody's
        awaitAsked(2);
        names.answer(1, InetAddress.getByName("192.0.2.2"));
        awaitAsked(3);
        names.answer(2, InetAddress.getByName("192.0.2.4"));
        assertEquals("192.0.2.4", join(last).get(0).getHostAddress());
        assertFalse(first.isDone());
        assertEquals(3, names.asked.size());
    }

    @Test
    void endOfTheAgentEndsLookups() throws IOException {
        openWithNames();
        final List<CompletableFuture<List<InetAddress>>> futures = List.of(begin("a.test", NEVER), begin("b.test", NEVER), begin("c.test", NEVER));
        loopback.stopAgent();
        assertThrows(VmrpcException.class, () -> {
            while (true) {
                loopback.sockets.await(NEVER);
            }
        });
        futures.forEach(each -> failure(SocketException.class, each));
        failure(SocketException.class, begin("d.test", NEVER));
    }

    @Test
    void closeEndsLookups() throws IOException {
        openWithNames();
        final List<CompletableFuture<List<InetAddress>>> futures = List.of(begin("a.test", NEVER), begin("b.test", NEVER), begin("c.test", NEVER));
        loopback.sockets.close();
        futures.forEach(each -> failure(SocketException.class, each));
        failure(SocketException.class, begin("d.test", NEVER));
    }
}
