package io.vmrpc.guest.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.error.AgentLostException;
import io.vmrpc.error.StatusException;
import io.vmrpc.error.VmrpcException;
import io.vmrpc.guest.Channel;
import io.vmrpc.guest.VmTimer;
import io.vmrpc.guest.socket.SocketLoopback.Wait;
import io.vmrpc.host.policy.GuestPolicy;
import io.vmrpc.host.policy.Limits;
import io.vmrpc.host.policy.Policy;
import io.vmrpc.host.policy.Rule;
import io.vmrpc.host.policy.Transport;
import io.vmrpc.layout.Protocol;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What sockets of one thread share: its wait, other threads that end it, the policy, the end of the agent. */
@Timeout(value = 50, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // shorter than the 60 s that bound a park: a wake-up must not need them
class SocketsTest {
    @TempDir
    Path folder;
    private SocketLoopback loopback;
    private VmDatagramChannel socket;
    private final ByteBuffer buffer = ByteBuffer.allocate(1_000);

    private void open(final Wait wait) throws IOException {
        loopback = new SocketLoopback(folder, wait);
        socket = loopback.sockets.openDatagram(StandardProtocolFamily.INET);
        socket.bind(SocketLoopback.local(0));
    }

    @AfterEach
    void close() {
        CloseHelper.closeAll(loopback);
    }

    private static CompletableFuture<Void> soon(final Runnable task) {
        return CompletableFuture.runAsync(task, CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS));
    }

    private void sendTo(final VmSocket target) {
        try (DatagramSocket peer = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            peer.send(new DatagramPacket(new byte[]{1, 2, 3}, 3, target.localAddress()));
        } catch (final IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource(Wait.class)
    void wakeupEndsTheWait(final Wait wait) throws IOException {
        open(wait);
        for (int i = 0; i < 20; i++) {
            final CompletableFuture<Void> waker = CompletableFuture.runAsync(loopback.sockets::wakeup);
            assertTrue(loopback.sockets.await(Long.MAX_VALUE));
            waker.join();
        }
        final CompletableFuture<Void> waker = soon(loopback.sockets::wakeup);
        assertTrue(loopback.sockets.await(Long.MAX_VALUE));
        waker.join();
        loopback.sockets.wakeup();
        assertTrue(loopback.sockets.await(Long.MAX_VALUE), "the next wait, if there is none");
        assertFalse(loopback.sockets.await(SocketLoopback.in(Duration.ofMillis(10))));
    }

    @ParameterizedTest
    @EnumSource(Wait.class)
    void wakeupIsKeptWhileAnOperationWaits(final Wait wait) throws IOException {
        open(wait);
        final CompletableFuture<Void> waker = soon(() -> {
            loopback.sockets.wakeup();
            sendTo(socket);
        });
        socket.receive(buffer);
        waker.join();
        assertTrue(loopback.sockets.await(Long.MAX_VALUE));
    }

    @ParameterizedTest
    @EnumSource(Wait.class)
    void closeByAnotherThreadEndsTheOperation(final Wait wait) throws IOException {
        open(wait);
        final CompletableFuture<Void> closer = soon(socket::close);
        assertThrows(AsynchronousCloseException.class, () -> socket.receive(buffer));
        closer.join();
        assertFalse(socket.isOpen());
        assertThrows(ClosedChannelException.class, () -> socket.receive(buffer));
    }

    @ParameterizedTest
    @EnumSource(Wait.class)
    void noCloseIsMissedWheneverItComes(final Wait wait) throws IOException {
        open(wait);
        final Random random = new Random(4711);
        for (int i = 0; i < 500; i++) {
            final VmDatagramChannel next = loopback.sockets.openDatagram(StandardProtocolFamily.INET);
            final long atNs = System.nanoTime() + random.nextInt(200_000);
            final CompletableFuture<Void> closer = CompletableFuture.runAsync(() -> {
                while (System.nanoTime() - atNs < 0) {
                    Thread.onSpinWait();
                }
                next.close();
            });
            assertThrows(ClosedChannelException.class, () -> next.receive(buffer)); // or its subclass for a close on the way
            closer.join();
        }
    }

    @Test
    void closeOfAnotherSocketReachesItsPeerWhileTheOwnerWaits() throws IOException {
        open(Wait.PARK);
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(SocketLoopback.local(0))) {
            final VmSocketChannel other = loopback.sockets.openStream(StandardProtocolFamily.INET);
            other.connect(server.getLocalAddress());
            final SocketChannel peer = server.accept();
            final CompletableFuture<Void> closer = soon(() -> {
                try {
                    other.close();
                    assertEquals(-1, peer.read(ByteBuffer.allocate(1)));
                    peer.close();
                } catch (final IOException e) {
                    throw new AssertionError(e);
                }
                sendTo(socket);
            });
            socket.receive(buffer);
            closer.join();
        }
    }

    @Test
    void timerAndDatagramsInOneWait() throws IOException {
        open(Wait.PARK);
        final VmTimer timer = new VmTimer(loopback.waiting).periodic(System.nanoTime(), 2_000_000);
        final CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 100; i++) {
                sendTo(socket);
                Thread.onSpinWait();
            }
        });
        long expired = 0;
        for (int received = 0; received < 100 || expired < 20;) {
            received += socket.receive((from, offset, length, source) -> assertEquals(3, length), timer.nextNs());
            if (System.nanoTime() - timer.nextNs() >= 0) {
                expired += timer.await();
            }
        }
        sender.join();
    }

    @Test
    void callsAndSocketsShareAChannel() throws IOException {
        loopback = new SocketLoopback(folder, Wait.PARK);
        final Channel channel = loopback.guest.openChannel(loopback.waiting);
        final UnsafeBuffer reply = new UnsafeBuffer(new byte[256]);
        try (Sockets sockets = Sockets.over(loopback.guest, channel)) {
            socket = sockets.openDatagram(StandardProtocolFamily.INET);
            socket.bind(SocketLoopback.local(0));
            for (int i = 0; i < 100; i++) {
                sendTo(socket);
                assertEquals(5, channel.call(Protocol.operation(0, Protocol.METHOD_PING), new UnsafeBuffer(new byte[5]), 0, 5, reply));
            }
            for (int i = 0; i < 100; i++) {
                socket.receive(buffer.clear());
                assertEquals(3, buffer.position());
            }
        }
        try (Sockets again = Sockets.over(loopback.guest, channel)) {
            again.openDatagram(StandardProtocolFamily.INET);
        }
        assertEquals(5, channel.call(Protocol.operation(0, Protocol.METHOD_PING), new UnsafeBuffer(new byte[5]), 0, 5, reply));
    }

    @ParameterizedTest
    @EnumSource(Wait.class)
    void lostAgentIsSaidAndNewSocketsWork(final Wait wait) throws IOException {
        open(wait);
        final VmDatagramChannel other = loopback.sockets.openDatagram(StandardProtocolFamily.INET);
        final CompletableFuture<Void> stop = soon(loopback::stopAgent);
        final SocketException e = assertThrows(SocketException.class, () -> socket.receive(buffer));
        assertTrue(e.getMessage().contains("restarted"), e.getMessage());
        assertInstanceOf(AgentLostException.class, e.getCause());
        stop.join();
        assertThrows(SocketException.class, () -> other.send(buffer, SocketLoopback.local(9)));
        assertThrows(SocketException.class, () -> loopback.sockets.openDatagram(StandardProtocolFamily.INET));
        assertThrows(VmrpcException.class, () -> loopback.sockets.await(Long.MAX_VALUE));
        other.close();
        loopback.startAgent();
        loopback.guest.reconnect(Duration.ofSeconds(20));
        try (Sockets again = loopback.guest.openSockets(loopback.waiting)) {
            final VmDatagramChannel fresh = again.openDatagram(StandardProtocolFamily.INET);
            fresh.bind(SocketLoopback.local(0));
            sendTo(fresh);
            fresh.receive(buffer);
        }
    }

    @Test
    void policyRefusesAtOnceAndSaysSo() throws IOException {
        final GuestPolicy policy = GuestPolicy.of(new Limits(3, 1 << 16, Limits.UNLIMITED, Limits.UNLIMITED), List.of(
            Rule.allow("one").outbound(Transport.UDP).addresses("192.0.2.0/24").build(),
            Rule.allow("here").inbound(Transport.UDP).addresses("127.0.0.0/8").build()));
        loopback = new SocketLoopback(folder, Wait.PARK, SocketLoopback.SMALL, Policy.forAll(policy), new SocketsContext());
        socket = loopback.sockets.openDatagram(StandardProtocolFamily.INET);
        final VmSocketChannel stream = loopback.sockets.openStream(StandardProtocolFamily.INET);
        final VmServerSocketChannel server = loopback.sockets.openServer(StandardProtocolFamily.INET);
        denied(() -> socket.send(ByteBuffer.allocate(1), SocketLoopback.local(9)));
        denied(() -> socket.connect(SocketLoopback.local(9)));
        denied(() -> stream.connect(SocketLoopback.local(9)));
        denied(() -> server.bind(SocketLoopback.local(0)));
        loopback.sockets.openDatagram(StandardProtocolFamily.INET); // in the place of the stream, which is closed
        final SocketException full = assertThrows(SocketException.class, () -> loopback.sockets.openDatagram(StandardProtocolFamily.INET));
        assertTrue(full.getMessage().contains("limits.sockets"), full.getMessage());
        assertFalse(stream.isOpen(), "as in the JDK");
        assertTrue(socket.isOpen());
    }

    private static void denied(final org.junit.jupiter.api.function.Executable operation) {
        final SocketException e = assertThrows(SocketException.class, operation);
        assertTrue(e.getMessage().contains("policy") && e.getMessage().contains("rule"), e.getMessage());
        assertInstanceOf(StatusException.class, e.getCause());
    }

    @Test
    void shortWindowOfThePolicyIsSaid() throws IOException {
        final GuestPolicy policy = GuestPolicy.of(new Limits(3, 1 << 14, Limits.UNLIMITED, Limits.UNLIMITED), List.of(
            Rule.allow("here").outbound(Transport.UDP).addresses("127.0.0.0/8").build()));
        loopback = new SocketLoopback(folder, Wait.PARK, SocketLoopback.SMALL, Policy.forAll(policy), new SocketsContext());
        socket = loopback.sockets.openDatagram(StandardProtocolFamily.INET);
        for (int i = 0; i < 50; i++) {
            socket.send(ByteBuffer.allocate(6_000), SocketLoopback.local(9)); // close to half the window
            try {
                socket.send(ByteBuffer.allocate(100), SocketLoopback.local(9));
            } catch (final java.net.PortUnreachableException e) {
                continue; // unconnected sockets are told seldom
            }
        }
        final SocketException e = assertThrows(SocketException.class, () -> socket.send(ByteBuffer.allocate(10_000), SocketLoopback.local(9)));
        assertTrue(e.getMessage().contains("limits.bufferBytes"), e.getMessage());
    }

    @Test
    void namesAreLookedUpOnTheHost() throws IOException {
        open(Wait.PARK);
        final List<InetAddress> found = loopback.sockets.lookup("localhost", Long.MAX_VALUE);
        assertTrue(found.stream().anyMatch(InetAddress::isLoopbackAddress), found::toString);
        assertEquals(List.of(InetAddress.getByName("192.0.2.7")), loopback.sockets.lookup("192.0.2.7", Long.MAX_VALUE));
        assertThrows(UnknownHostException.class, () -> loopback.sockets.lookup("no-such-name.invalid", SocketLoopback.in(Duration.ofSeconds(30))));
        assertThrows(UnknownHostException.class, () -> loopback.sockets.lookup("", Long.MAX_VALUE));
    }

    @Test
    void closedSocketsGiveTheirDescriptorsBack() throws IOException {
        final GuestPolicy policy = GuestPolicy.of(new Limits(2, 1 << 16, Limits.UNLIMITED, Limits.UNLIMITED), List.of());
        loopback = new SocketLoopback(folder, Wait.PARK, SocketLoopback.SMALL, Policy.forAll(policy), new SocketsContext());
        for (int i = 0; i < 100; i++) {
            loopback.sockets.openDatagram(StandardProtocolFamily.INET).close();
        }
    }
}
