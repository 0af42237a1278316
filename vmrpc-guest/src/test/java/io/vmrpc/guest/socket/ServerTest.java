package io.vmrpc.guest.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.guest.Waiting;
import io.vmrpc.guest.socket.SocketLoopback.Wait;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Listening sockets of a guest, and clients of the JDK. */
@Timeout(value = 50, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServerTest {
    @TempDir
    Path folder;
    private SocketLoopback loopback;
    private VmServerSocketChannel server;
    private final List<SocketChannel> clients = new ArrayList<>();

    private void open(final Wait wait) throws IOException {
        loopback = new SocketLoopback(folder, wait);
        server = loopback.sockets.openServer(StandardProtocolFamily.INET);
        server.bind(SocketLoopback.local(0));
    }

    @AfterEach
    void close() {
        CloseHelper.closeAll(loopback);
        CloseHelper.closeAll(clients);
    }

    private SocketChannel client() throws IOException {
        final SocketChannel client = SocketChannel.open(server.localAddress());
        clients.add(client);
        return client;
    }

    @ParameterizedTest
    @EnumSource(Wait.class)
    void acceptedConnectionsEcho(final Wait wait) throws IOException {
        open(wait);
        for (int i = 0; i < 20; i++) {
            final SocketChannel client = client();
            client.write(ByteBuffer.wrap(new byte[]{(byte)i, 1, 2}));
            try (VmSocketChannel accepted = server.accept()) {
                assertEquals(client.getLocalAddress(), accepted.remoteAddress());
                assertEquals(client.getRemoteAddress(), accepted.localAddress());
                assertTrue(accepted.isConnected());
                final ByteBuffer got = ByteBuffer.allocate(3);
                while (got.hasRemaining()) {
                    accepted.read(got);
                }
                accepted.write(got.flip());
            }
            final ByteBuffer echo = ByteBuffer.allocate(10);
            while (client.read(echo) >= 0) {
                continue;
            }
            assertEquals(3, echo.position());
            assertEquals(i, echo.get(0));
        }
    }

    @Test
    void acceptThatDoesNotWaitReturnsNullAtOnce() throws IOException {
        open(Wait.PARK);
        server.configureBlocking(false);
        for (int i = 0; i < 100; i++) {
            assertNull(server.accept());
        }
        client();
        VmSocketChannel accepted = null;
        while (accepted == null) {
            loopback.sockets.await(SocketLoopback.in(Duration.ofSeconds(20)));
            accepted = server.accept();
        }
        assertNull(server.accept());
    }

    @Test
    void acceptHasADeadline() throws IOException {
        open(Wait.PARK);
        assertThrows(SocketTimeoutException.class, () -> server.accept(SocketLoopback.in(Duration.ofMillis(30))));
        client();
        assertNotNull(server.accept(SocketLoopback.in(Duration.ofSeconds(20))));
    }

    @Test
    void moreConnectionsThanTheWindow() throws IOException {
        loopback = new SocketLoopback(folder, Wait.PARK, SocketLoopback.SMALL, io.vmrpc.host.policy.Policy.allowAll(),
            new SocketsContext().acceptWindow(3));
        server = loopback.sockets.openServer(StandardProtocolFamily.INET);
        server.bind(SocketLoopback.local(0));
        for (int i = 0; i < 30; i++) {
            client();
        }
        for (int i = 0; i < 30; i++) {
            assertNotNull(server.accept(SocketLoopback.in(Duration.ofSeconds(20))), "connection " + i);
        }
    }

    @Test
    void addressesAreThereWhileAnotherThreadAccepts() throws IOException {
        loopback = new SocketLoopback(folder, Wait.SLEEP);
        final AtomicReference<VmServerSocketChannel> made = new AtomicReference<>();
        final CompletableFuture<SocketAddress> acceptor = CompletableFuture.supplyAsync(() -> acceptOne(made));
        while (made.get() == null) {
            Thread.onSpinWait();
        }
        server = made.get();
        for (int i = 0; i < 1_000; i++) {
            assertTrue(((InetSocketAddress)server.localAddress()).getPort() > 0);
            assertNull(server.remoteAddress());
            assertTrue(server.isOpen());
        }
        assertFalse(acceptor.isDone());
        assertEquals(client().getLocalAddress(), acceptor.join());
    }

    private SocketAddress acceptOne(final AtomicReference<VmServerSocketChannel> made) {
        try (Waiter own = new Waiter(loopback)) {
            final VmServerSocketChannel listener = own.sockets.openServer(StandardProtocolFamily.INET);
            listener.bind(SocketLoopback.local(0));
            made.set(listener);
            return listener.accept().remoteAddress();
        } catch (final IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Sockets of another thread, which parks. */
    private static final class Waiter implements AutoCloseable {
        private final Waiting waiting;
        private final Sockets sockets;

        Waiter(final SocketLoopback loopback) {
            waiting = loopback.waiting(Wait.PARK);
            sockets = loopback.guest.openSockets(waiting);
        }

        @Override
        public void close() {
            CloseHelper.closeAll(sockets, (AutoCloseable)waiting);
        }
    }

    @Test
    void connectionIsAdoptedByAnotherThread() throws IOException {
        open(Wait.PARK);
        final SocketChannel client = client();
        client.write(ByteBuffer.wrap(new byte[]{42}));
        final PendingConnection connection = server.acceptPending();
        assertEquals(client.getLocalAddress(), connection.remoteAddress());
        final byte got = CompletableFuture.supplyAsync(() -> {
            try (Waiter own = new Waiter(loopback)) {
                final VmSocketChannel adopted = own.sockets.adopt(connection);
                final ByteBuffer one = ByteBuffer.allocate(1);
                adopted.read(one);
                adopted.write(one.flip());
                return one.get(0);
            } catch (final IOException e) {
                throw new AssertionError(e);
            }
        }).join();
        assertEquals(42, got);
        final ByteBuffer echo = ByteBuffer.allocate(1);
        assertEquals(1, client.read(echo));
        assertThrows(IOException.class, () -> loopback.sockets.adopt(connection), "it was adopted already");
    }

    @Test
    void refusedAndForgottenConnectionsAreReset() throws IOException {
        open(Wait.PARK);
        final SocketChannel refused = client();
        loopback.sockets.refuse(server.acceptPending());
        assertThrows(IOException.class, () -> readToTheEnd(refused));
        final SocketChannel forgotten = client();
        while (server.missed() == 0) {
            loopback.sockets.await(SocketLoopback.in(Duration.ofSeconds(20)));
        }
        server.close();
        loopback.sockets.poll();
        assertThrows(IOException.class, () -> readToTheEnd(forgotten));
    }

    @Test
    void closedListenerResetsAllThatWaitInIt() throws IOException {
        open(Wait.PARK);
        for (int i = 0; i < 12; i++) { // more than the ring takes at once, with two requests for each
            client();
        }
        for (int seen = 0; seen < 12; seen = server.waiting()) {
            loopback.sockets.await(SocketLoopback.in(Duration.ofSeconds(20)));
        }
        server.close();
        while (loopback.sockets.await(SocketLoopback.in(Duration.ofMillis(100)))) {
            continue; // until all requests found space in the ring
        }
        for (final SocketChannel client : clients) {
            assertThrows(IOException.class, () -> readToTheEnd(client));
        }
        final VmDatagramChannel other = loopback.sockets.openDatagram(StandardProtocolFamily.INET);
        other.bind(SocketLoopback.local(0));
    }

    private static void readToTheEnd(final SocketChannel client) throws IOException {
        while (client.read(ByteBuffer.allocate(10)) >= 0) {
            continue;
        }
    }

    @Test
    void addressInUseIsSaid() throws IOException {
        open(Wait.PARK);
        final VmServerSocketChannel second = loopback.sockets.openServer(StandardProtocolFamily.INET);
        assertThrows(NotYetBoundException.class, second::accept);
        final BindException e = assertThrows(BindException.class, () -> second.bind(server.localAddress()));
        assertTrue(e.getMessage().startsWith("Address already in use"), e.getMessage());
        assertThrows(BindException.class, () -> second.bind(new InetSocketAddress("192.0.2.1", 0)));
    }

    @Test
    void ipv6AloneLeavesThePortToIpv4() throws IOException {
        open(Wait.PARK);
        final int port = ((InetSocketAddress)server.localAddress()).getPort();
        final VmServerSocketChannel alone = loopback.sockets.openServer(VmProtocolFamily.INET6_ONLY);
        alone.bind(new InetSocketAddress("::", port));
        final SocketChannel client = SocketChannel.open(new InetSocketAddress("::1", port));
        clients.add(client);
        assertEquals(client.getLocalAddress(), alone.accept().remoteAddress());
    }

    @Test
    void unixServer() throws IOException {
        loopback = new SocketLoopback(folder, Wait.PARK);
        server = loopback.sockets.openServer(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(folder.resolve("socket")));
        final SocketChannel client = client();
        final VmSocketChannel accepted = server.accept();
        client.write(ByteBuffer.wrap(new byte[]{9}));
        final ByteBuffer one = ByteBuffer.allocate(1);
        assertEquals(1, accepted.read(one));
        assertEquals(9, one.get(0));
    }
}
