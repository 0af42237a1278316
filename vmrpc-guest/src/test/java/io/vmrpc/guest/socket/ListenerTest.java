package io.vmrpc.guest.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.error.VmrpcException;
import io.vmrpc.guest.socket.SocketLoopback.Wait;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sockets of an event loop: nothing waits but {@link Sockets#await}, and listeners are told. */
@Timeout(value = 50, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ListenerTest {
    @TempDir
    Path folder;
    private SocketLoopback loopback;
    private final List<String> told = new ArrayList<>();
    private final List<IOException> causes = new ArrayList<>();

    @AfterEach
    void close() {
        CloseHelper.closeAll(loopback);
    }

    /** Writes down what it is told. */
    private class Log implements SocketListener {
        @Override
        public void onReadable() {
            told.add("readable");
        }

        @Override
        public void onWritable() {
            told.add("writable");
        }

        @Override
        public void onConnected() {
            told.add("connected");
        }

        @Override
        public void onConnectFailed(final IOException cause) {
            told.add("failed");
            causes.add(cause);
        }

        @Override
        public void onAcceptable() {
            told.add("acceptable");
        }

        @Override
        public void onClosed(final IOException cause) {
            told.add("closed");
            causes.add(cause);
        }
    }

    private void until(final BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            loopback.sockets.await(Long.MAX_VALUE);
        }
    }

    private VmSocketChannel stream() throws IOException {
        final VmSocketChannel socket = loopback.sockets.openStream(StandardProtocolFamily.INET);
        socket.configureBlocking(false);
        socket.listener(new Log());
        return socket;
    }

    @ParameterizedTest
    @EnumSource(Wait.class)
    void lifeOfAConnection(final Wait wait) throws IOException {
        loopback = new SocketLoopback(folder, wait);
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(SocketLoopback.local(0))) {
            final VmSocketChannel socket = stream();
            socket.connect(server.getLocalAddress());
            until(() -> told.contains("connected"));
            assertTrue(socket.finishConnect());
            final SocketChannel peer = server.accept();
            peer.write(ByteBuffer.allocate(10));
            until(() -> told.contains("readable"));
            assertEquals(10, socket.read(ByteBuffer.allocate(100)));
            told.clear();
            peer.shutdownOutput();
            until(() -> told.contains("readable"));
            assertEquals(-1, socket.read(ByteBuffer.allocate(100)));
            told.clear();
            socket.close();
            loopback.sockets.poll();
            assertEquals(List.of("closed"), told);
            assertEquals(null, causes.get(0));
            assertEquals(-1, peer.read(ByteBuffer.allocate(1)));
            peer.close();
        }
    }

    @Test
    void refusedConnection() throws IOException {
        loopback = new SocketLoopback(folder, Wait.PARK);
        final InetSocketAddress gone;
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(SocketLoopback.local(0))) {
            gone = (InetSocketAddress)server.getLocalAddress();
        }
        final VmSocketChannel socket = stream();
        socket.connect(gone);
        until(() -> told.contains("failed"));
        assertInstanceOf(ConnectException.class, causes.get(0));
        assertThrows(ConnectException.class, socket::finishConnect);
    }

    @Test
    void moreConnectsThanTheRingHolds() throws IOException {
        loopback = new SocketLoopback(folder, Wait.PARK);
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(SocketLoopback.local(0), 100)) {
            for (int i = 0; i < 3 * SocketLoopback.SMALL.ringCapacity(); i++) {
                assertFalse(stream().connect(server.getLocalAddress()));
            }
            until(() -> told.size() == 3 * SocketLoopback.SMALL.ringCapacity());
            assertEquals(List.of("connected"), told.stream().distinct().toList());
        }
    }

    @Test
    void writableAfterAShortWrite() throws IOException {
        loopback = new SocketLoopback(folder, Wait.PARK);
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(SocketLoopback.local(0))) {
            final VmSocketChannel socket = stream();
            socket.connect(server.getLocalAddress());
            until(() -> told.contains("connected"));
            final SocketChannel peer = server.accept();
            final long total = 20_000_000;
            final CompletableFuture<Long> reader = CompletableFuture.supplyAsync(() -> readAll(peer));
            final ByteBuffer chunk = ByteBuffer.allocate(100_000);
            for (long sent = 0; sent < total;) {
                chunk.clear().limit((int)Math.min(100_000, total - sent));
                sent += socket.write(chunk);
                if (chunk.hasRemaining()) {
                    told.remove("writable");
                    until(() -> told.contains("writable"));
                }
            }
            socket.close();
            until(() -> told.contains("closed")); // the ring may have been full
            assertEquals(total, reader.join());
        }
    }

    private static long readAll(final SocketChannel from) {
        final ByteBuffer chunk = ByteBuffer.allocate(50_000);
        long total = 0;
        try (from) {
            for (int count = 0; count >= 0; count = from.read(chunk.clear())) {
                total += count;
            }
        } catch (final IOException e) {
            throw new AssertionError(e);
        }
        return total;
    }

    @Test
    void serverOfAnEventLoop() throws IOException {
        loopback = new SocketLoopback(folder, Wait.PARK);
        final VmServerSocketChannel server = loopback.sockets.openServer(StandardProtocolFamily.INET);
        server.bind(SocketLoopback.local(0));
        server.configureBlocking(false);
        server.listener(new SocketListener() {
            @Override
            public void onAcceptable() {
                acceptAll(server);
            }
        });
        final int clients = 20;
        final CompletableFuture<Integer> all = CompletableFuture.supplyAsync(() -> {
            int echoed = 0;
            for (int i = 0; i < clients; i++) {
                echoed += echo((InetSocketAddress)server.localAddress(), 5_000);
            }
            return echoed;
        });
        all.whenComplete((echoed, failure) -> loopback.sockets.wakeup());
        until(all::isDone);
        assertEquals(clients * 5_000, all.join());
    }

    private void acceptAll(final VmServerSocketChannel server) {
        try {
            for (VmSocketChannel socket = server.accept(); socket != null; socket = server.accept()) {
                final VmSocketChannel accepted = socket;
                accepted.listener(new SocketListener() {
                    private final ByteBuffer buffer = ByteBuffer.allocate(1_000);

                    @Override
                    public void onReadable() {
                        try {
                            for (int count = accepted.read(buffer.clear()); count != 0; count = accepted.read(buffer.clear())) {
                                if (count < 0) {
                                    accepted.close();
                                    return;
                                }
                                accepted.configureBlocking(true);
                                accepted.write(buffer.flip()); // waits: the listener may
                                accepted.configureBlocking(false);
                            }
                        } catch (final IOException e) {
                            throw new AssertionError(e);
                        }
                    }
                });
                accepted.configureBlocking(false);
            }
        } catch (final IOException e) {
            throw new AssertionError(e);
        }
    }

    private static int echo(final InetSocketAddress server, final int length) {
        try (SocketChannel client = SocketChannel.open(server)) {
            client.write(ByteBuffer.allocate(length));
            client.shutdownOutput();
            final ByteBuffer got = ByteBuffer.allocate(length + 1);
            while (client.read(got) >= 0) {
                continue;
            }
            return got.position();
        } catch (final IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void lateListenerIsToldWhatItMissed() throws IOException {
        loopback = new SocketLoopback(folder, Wait.PARK);
        final VmServerSocketChannel server = loopback.sockets.openServer(StandardProtocolFamily.INET);
        server.bind(SocketLoopback.local(0));
        try (SocketChannel client = SocketChannel.open(server.localAddress())) {
            client.write(ByteBuffer.allocate(5));
            until(() -> server.missed() != 0);
            server.listener(new Log());
            loopback.sockets.poll();
            assertEquals(List.of("acceptable"), told);
            final VmSocketChannel accepted = server.accept();
            until(() -> accepted.available() > 0);
            accepted.listener(new Log());
            loopback.sockets.poll();
            assertEquals(List.of("acceptable", "readable"), told);
        }
    }

    @Test
    void lostAgentClosesAll() throws IOException {
        loopback = new SocketLoopback(folder, Wait.PARK);
        stream();
        stream();
        loopback.stopAgent();
        assertThrows(VmrpcException.class, () -> until(() -> false));
        assertEquals(2, told.stream().filter("closed"::equals).count());
        assertInstanceOf(VmrpcException.class, causes.get(0).getCause());
    }

    @Test
    void whatAListenerThrowsLeavesTheOthersForTheNextTime() throws IOException {
        loopback = new SocketLoopback(folder, Wait.PARK);
        final VmSocketChannel first = stream();
        stream();
        first.listener(new SocketListener() {
            @Override
            public void onClosed(final IOException cause) {
                throw new IllegalStateException("a listener's own mistake");
            }
        });
        first.close();
        loopback.sockets.openStream(StandardProtocolFamily.INET).close();
        assertThrows(IllegalStateException.class, loopback.sockets::poll);
        loopback.sockets.poll();
    }
}
