package io.vmrpc.guest.socket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.guest.socket.SocketLoopback.Wait;
import io.vmrpc.host.policy.Policy;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Streams of a guest to a server of the JDK. */
@Timeout(value = 50, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StreamTest {
    @TempDir
    Path folder;
    private SocketLoopback loopback;
    private ServerSocketChannel server;
    private VmSocketChannel socket;
    private SocketChannel peer;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(100_000);

    @BeforeEach
    void openServer() throws IOException {
        server = ServerSocketChannel.open().bind(SocketLoopback.local(0));
    }

    private void open(final Wait wait, final SocketsContext context) throws IOException {
        loopback = new SocketLoopback(folder, wait, SocketLoopback.SMALL, Policy.allowAll(), context);
        socket = loopback.sockets.openStream(StandardProtocolFamily.INET);
    }

    private void connect(final Wait wait) throws IOException {
        open(wait, new SocketsContext());
        assertTrue(socket.connect(server.getLocalAddress()));
        peer = server.accept();
    }

    @AfterEach
    void close() {
        CloseHelper.closeAll(loopback, peer, server);
    }

    private static byte[] bytes(final int length) {
        final byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private byte[] readAtPeer(final int length) throws IOException {
        final ByteBuffer all = ByteBuffer.allocate(length);
        while (all.hasRemaining() && peer.read(all) >= 0) {
            continue;
        }
        assertEquals(length, all.position());
        return all.array();
    }

    private byte[] read(final int length) throws IOException {
        buffer.clear().limit(length);
        while (buffer.hasRemaining()) {
            assertTrue(socket.read(buffer) > 0);
        }
        final byte[] all = new byte[length];
        buffer.flip().get(all);
        return all;
    }

    @ParameterizedTest
    @EnumSource(Wait.class)
    void bytesGoBothWays(final Wait wait) throws IOException {
        connect(wait);
        assertEquals(server.getLocalAddress(), socket.remoteAddress());
        assertEquals(peer.getRemoteAddress(), socket.localAddress());
        for (int length = 1; length < 2_000; length += 97) {
            assertEquals(length, socket.write(ByteBuffer.wrap(bytes(length))));
            assertArrayEquals(bytes(length), readAtPeer(length));
            peer.write(ByteBuffer.wrap(bytes(length)));
            assertArrayEquals(bytes(length), read(length));
        }
    }

    @Test
    void halfCloseOfThisSide() throws IOException {
        connect(Wait.PARK);
        socket.write(ByteBuffer.wrap(bytes(500)));
        socket.shutdownOutput();
        assertArrayEquals(bytes(500), readAtPeer(500));
        assertEquals(-1, peer.read(ByteBuffer.allocate(1)));
        assertThrows(ClosedChannelException.class, () -> socket.write(ByteBuffer.allocate(1)));
        peer.write(ByteBuffer.wrap(bytes(300)));
        assertArrayEquals(bytes(300), read(300));
    }

    @Test
    void halfCloseOfThePeer() throws IOException {
        connect(Wait.PARK);
        peer.write(ByteBuffer.wrap(bytes(700)));
        peer.shutdownOutput();
        assertArrayEquals(bytes(700), read(700));
        buffer.clear();
        assertEquals(-1, socket.read(buffer));
        assertEquals(-1, socket.read(buffer), "the end stays");
        socket.write(ByteBuffer.wrap(bytes(40)));
        assertArrayEquals(bytes(40), readAtPeer(40));
    }

    @Test
    void closedInputReadsItsEnd() throws IOException {
        connect(Wait.PARK);
        peer.write(ByteBuffer.wrap(bytes(7)));
        socket.shutdownInput();
        assertEquals(-1, socket.read(buffer));
    }

    @Test
    void slowGuestHoldsThePeerUp() throws IOException {
        open(Wait.PARK, new SocketsContext().receiveWindow(20_000));
        socket.connect(server.getLocalAddress());
        peer = server.accept();
        peer.configureBlocking(false);
        long sent = 0;
        for (final ByteBuffer chunk = ByteBuffer.allocate(100_000); ; chunk.clear()) {
            loopback.sockets.await(SocketLoopback.in(Duration.ofMillis(20)));
            final int count = peer.write(chunk);
            sent += count;
            if (count == 0) {
                break;
            }
        }
        assertTrue(socket.available() > 0 && socket.available() <= 20_000 + 256, () -> "available=" + socket.available());
        long got = 0;
        for (int count = 0; got < sent; got += count) {
            buffer.clear();
            count = socket.read(buffer, SocketLoopback.in(Duration.ofSeconds(20)));
        }
        assertEquals(sent, got);
    }

    @Test
    void slowPeerHoldsTheGuestUpAndNobodyElse() throws IOException {
        connect(Wait.PARK);
        socket.configureBlocking(false);
        long sent = 0;
        for (final ByteBuffer chunk = ByteBuffer.allocate(100_000); ; chunk.clear()) {
            final int count = socket.write(chunk);
            sent += count;
            if (count == 0 && !loopback.sockets.await(SocketLoopback.in(Duration.ofMillis(100)))) {
                break;
            }
        }
        final VmSocketChannel other = loopback.sockets.openStream(StandardProtocolFamily.INET);
        other.connect(server.getLocalAddress());
        try (SocketChannel second = server.accept()) {
            other.write(ByteBuffer.wrap(bytes(90)));
            second.configureBlocking(true);
            final ByteBuffer got = ByteBuffer.allocate(90);
            second.read(got);
            assertArrayEquals(bytes(90), got.array());
        }
        socket.configureBlocking(true);
        final long total = sent + 3_000_000;
        final CompletableFuture<Long> reader = CompletableFuture.supplyAsync(() -> count(peer, total));
        for (long rest = 3_000_000; rest > 0;) {
            rest -= socket.write(ByteBuffer.allocate((int)Math.min(rest, 100_000)));
        }
        assertEquals(total, reader.join());
    }

    private static long count(final SocketChannel from, final long limit) {
        final ByteBuffer chunk = ByteBuffer.allocate(100_000);
        long total = 0;
        try {
            while (total < limit) {
                chunk.clear();
                total += from.read(chunk);
            }
        } catch (final IOException e) {
            throw new AssertionError(e);
        }
        return total;
    }

    @Test
    void writeHasADeadlineToo() throws IOException {
        connect(Wait.PARK);
        final ByteBuffer much = ByteBuffer.allocate(50_000_000);
        final SocketTimeoutException e = assertThrows(SocketTimeoutException.class, () ->
            socket.write(much, SocketLoopback.in(Duration.ofMillis(200))));
        assertEquals(much.position(), e.bytesTransferred);
        assertTrue(much.position() > 0);
    }

    @Test
    void writtenBytesArriveAlsoAfterClose() throws IOException {
        connect(Wait.PARK);
        final byte[] all = bytes(900_000);
        final CompletableFuture<byte[]> reader = CompletableFuture.supplyAsync(() -> {
            try {
                return readAtPeer(all.length);
            } catch (final IOException e) {
                throw new AssertionError(e);
            }
        });
        socket.write(ByteBuffer.wrap(all));
        loopback.close();
        assertArrayEquals(all, reader.join());
    }

    @Test
    void abortResetsThePeer() throws IOException {
        connect(Wait.PARK);
        socket.abort();
        assertThrows(IOException.class, () -> {
            while (peer.read(ByteBuffer.allocate(10)) >= 0) {
                continue;
            }
        });
    }

    @Test
    void lingeringSocketDoesNotStopTheAgent() throws IOException {
        connect(Wait.PARK);
        socket.setOption(StandardSocketOptions.SO_LINGER, 1_000);
        peer.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
        for (int i = 0; i < 5; i++) {
            socket.write(buffer.clear()); // the peer reads none of it, so it stays in the host's kernel
        }
        socket.close();
        loopback.sockets.openStream(StandardProtocolFamily.INET).close(); // is answered
    }

    @Test
    void resetByThePeerIsThrownAfterWhatItSent() throws IOException, InterruptedException {
        connect(Wait.PARK);
        peer.write(ByteBuffer.wrap(bytes(11)));
        assertArrayEquals(bytes(11), read(11));
        peer.setOption(StandardSocketOptions.SO_LINGER, 0);
        peer.close();
        buffer.clear();
        final SocketException e = assertThrows(SocketException.class, () -> socket.read(buffer));
        assertEquals("Connection reset", e.getMessage());
        assertThrows(SocketException.class, () -> socket.write(ByteBuffer.allocate(1)));
        assertTrue(socket.isOpen());
    }

    @Test
    void refusedConnectionIsThrown() throws IOException {
        open(Wait.PARK, new SocketsContext());
        final InetSocketAddress gone = (InetSocketAddress)server.getLocalAddress();
        server.close();
        assertThrows(ConnectException.class, () -> socket.connect(gone));
        assertFalse(socket.isOpen());
        assertThrows(ClosedChannelException.class, () -> socket.read(buffer));
    }

    @Test
    void connectWithoutWaiting() throws IOException {
        open(Wait.PARK, new SocketsContext());
        socket.configureBlocking(false);
        assertFalse(socket.connect(server.getLocalAddress()));
        while (!socket.finishConnect()) {
            loopback.sockets.await(SocketLoopback.in(Duration.ofSeconds(20)));
        }
        peer = server.accept();
        assertEquals(0, socket.read(buffer));
        peer.write(ByteBuffer.wrap(bytes(3)));
        while (socket.read(buffer) == 0) {
            loopback.sockets.await(SocketLoopback.in(Duration.ofSeconds(20)));
        }
        assertEquals(3, buffer.position());
    }

    @Test
    void connectionWithoutAnswerTimesOut() throws IOException {
        try (ServerSocketChannel full = ServerSocketChannel.open().bind(SocketLoopback.local(0), 1)) {
            open(Wait.PARK, new SocketsContext());
            VmSocketChannel last = socket;
            for (int i = 0; i < 20; i++) { // nobody accepts: the backlog fills, then Linux drops the SYN
                last = loopback.sockets.openStream(StandardProtocolFamily.INET);
                final VmSocketChannel next = last;
                try {
                    next.connect(full.getLocalAddress(), SocketLoopback.in(Duration.ofMillis(200)));
                } catch (final SocketTimeoutException e) {
                    assertFalse(next.isOpen());
                    return;
                }
            }
            throw new AssertionError("no connection was held up");
        }
    }

    @Test
    void unconnectedSocketDoesNotRead() throws IOException {
        open(Wait.PARK, new SocketsContext());
        assertThrows(NotYetConnectedException.class, () -> socket.read(buffer));
        assertThrows(NotYetConnectedException.class, () -> socket.write(buffer));
    }

    @Test
    void scatteredAndGathered() throws IOException {
        connect(Wait.PARK);
        final byte[] all = bytes(5_000);
        final ByteBuffer[] parts = {ByteBuffer.wrap(all, 0, 10), ByteBuffer.wrap(all, 10, 90), ByteBuffer.wrap(all, 100, 4_900)};
        assertEquals(5_000, socket.write(parts));
        assertArrayEquals(all, readAtPeer(5_000));
        assertEquals(20, socket.write(new ByteBuffer[]{ByteBuffer.wrap(all, 0, 5), ByteBuffer.wrap(all, 5, 15)}));
        readAtPeer(20);
        peer.write(ByteBuffer.wrap(all, 0, 300));
        final ByteBuffer first = ByteBuffer.allocate(7);
        final ByteBuffer second = ByteBuffer.allocate(293);
        while (second.hasRemaining()) {
            socket.read(new ByteBuffer[]{first, second});
        }
        assertEquals(all[6], first.get(6));
        assertEquals(all[299], second.get(292));
    }

    @Test
    void handlerAndForeignMemory() throws IOException {
        connect(Wait.PARK);
        peer.write(ByteBuffer.wrap(bytes(100)));
        final byte[] all = new byte[100];
        for (int got = 0; got < 100;) {
            final int at = got;
            got += socket.read((from, offset, length) -> {
                from.getBytes(offset, all, at, Math.min(9, length));
                return Math.min(9, length);
            });
        }
        assertArrayEquals(bytes(100), all);
        final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(64));
        memory.putBytes(0, bytes(64));
        assertEquals(64, socket.write(memory, 0, 64));
        assertArrayEquals(bytes(64), readAtPeer(64));
        peer.write(ByteBuffer.wrap(bytes(32)));
        assertTrue(socket.read(memory, 0, 64) > 0);
        assertEquals(bytes(32)[0], memory.getByte(0));
    }

    @Test
    void optionsComeBack() throws IOException {
        connect(Wait.PARK);
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        assertTrue(socket.getOption(StandardSocketOptions.TCP_NODELAY));
        socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        assertTrue(socket.getOption(StandardSocketOptions.SO_KEEPALIVE));
        socket.setOption(StandardSocketOptions.SO_LINGER, 5);
        assertEquals(5, socket.getOption(StandardSocketOptions.SO_LINGER));
        socket.setOption(StandardSocketOptions.SO_LINGER, -1);
        assertEquals(-1, socket.getOption(StandardSocketOptions.SO_LINGER));
        socket.setOption(VmSocketOptions.TCP_KEEPIDLE, 11);
        assertEquals(11, socket.getOption(jdk.net.ExtendedSocketOptions.TCP_KEEPIDLE));
        socket.setOption(VmSocketOptions.TCP_KEEPINTERVAL, 12);
        assertEquals(12, socket.getOption(VmSocketOptions.TCP_KEEPINTERVAL));
        socket.setOption(VmSocketOptions.TCP_KEEPCOUNT, 3);
        assertEquals(3, socket.getOption(VmSocketOptions.TCP_KEEPCOUNT));
        socket.setOption(VmSocketOptions.TCP_USER_TIMEOUT, 1_234);
        assertEquals(1_234, socket.getOption(VmSocketOptions.TCP_USER_TIMEOUT));
    }

    @Test
    void unixStream() throws IOException {
        open(Wait.PARK, new SocketsContext());
        final UnixDomainSocketAddress path = UnixDomainSocketAddress.of(folder.resolve("server"));
        try (ServerSocketChannel unix = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(path)) {
            socket = loopback.sockets.openStream(StandardProtocolFamily.UNIX);
            socket.connect(path);
            peer = unix.accept();
            assertEquals(path, socket.remoteAddress());
            socket.write(ByteBuffer.wrap(bytes(1_000)));
            assertArrayEquals(bytes(1_000), readAtPeer(1_000));
            peer.write(ByteBuffer.wrap(bytes(1_001)));
            assertArrayEquals(bytes(1_001), read(1_001));
        }
    }

    @Test
    void unconnectedSocketHasNoAddresses() throws IOException {
        open(Wait.PARK, new SocketsContext());
        assertNull(socket.localAddress());
        assertNull(socket.remoteAddress());
        assertFalse(socket.isConnected());
        socket.bind(SocketLoopback.local(0));
        assertTrue(((InetSocketAddress)socket.localAddress()).getPort() > 0);
    }
}
