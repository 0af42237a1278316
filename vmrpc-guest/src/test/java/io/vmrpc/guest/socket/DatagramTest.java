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
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Datagrams of a guest, to and from a socket of the JDK. */
@Timeout(value = 50, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DatagramTest {
    @TempDir
    Path folder;
    private SocketLoopback loopback;
    private DatagramSocket peer;
    private VmDatagramChannel socket;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(70_000);

    @BeforeEach
    void openPeer() throws SocketException {
        peer = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        peer.setSoTimeout(20_000);
    }

    private void open(final Wait wait) throws IOException {
        loopback = new SocketLoopback(folder, wait);
        socket = loopback.sockets.openDatagram(StandardProtocolFamily.INET);
    }

    @AfterEach
    void close() {
        CloseHelper.closeAll(loopback, peer);
    }

    private InetSocketAddress peerAddress() {
        return (InetSocketAddress)peer.getLocalSocketAddress();
    }

    private byte[] receiveAtPeer() throws IOException {
        final DatagramPacket packet = new DatagramPacket(new byte[70_000], 70_000);
        peer.receive(packet);
        assertEquals(socket.localAddress(), packet.getSocketAddress());
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    private void sendFromPeer(final byte[] bytes) throws IOException {
        peer.send(new DatagramPacket(bytes, bytes.length, socket.localAddress()));
    }

    private byte[] received() {
        buffer.flip();
        final byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        buffer.clear();
        return bytes;
    }

    private static byte[] bytes(final int length) {
        final byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @EnumSource(Wait.class)
    void connectedEcho(final Wait wait) throws IOException {
        open(wait);
        assertNull(socket.localAddress());
        socket.connect(peerAddress());
        assertTrue(socket.isConnected());
        assertEquals(peerAddress(), socket.remoteAddress());
        for (int length = 0; length < 300; length += 7) {
            assertEquals(length, socket.write(ByteBuffer.wrap(bytes(length))));
            assertArrayEquals(bytes(length), receiveAtPeer());
            sendFromPeer(bytes(length));
            assertEquals(length, socket.read(buffer));
            assertArrayEquals(bytes(length), received());
        }
    }

    /** What the agent finds by its last look before it sleeps is told as well: here the records that follow the first. */
    @ParameterizedTest
    @EnumSource(Wait.class)
    void anAnswerInFragmentsIsToldWhole(final Wait wait) throws IOException {
        open(wait);
        socket.connect(peerAddress());
        for (int i = 0; i < 200; i++) {
            socket.write(ByteBuffer.wrap(bytes(i)));
            receiveAtPeer();
            sendFromPeer(bytes(260));
            assertEquals(260, socket.read(buffer));
            assertArrayEquals(bytes(260), received());
        }
    }

    @ParameterizedTest
    @EnumSource(Wait.class)
    void unconnectedEcho(final Wait wait) throws IOException {
        open(wait);
        socket.bind(SocketLoopback.local(0));
        for (int i = 0; i < 100; i++) {
            assertEquals(i, socket.send(ByteBuffer.wrap(bytes(i)), peerAddress()));
            assertArrayEquals(bytes(i), receiveAtPeer());
            sendFromPeer(bytes(i));
            assertEquals(peerAddress(), socket.receive(buffer, Long.MAX_VALUE));
            assertArrayEquals(bytes(i), received());
        }
    }

    @Test
    void firstSendBindsAndNamesTheSocket() throws IOException {
        open(Wait.PARK);
        socket.send(ByteBuffer.wrap(bytes(5)), peerAddress());
        assertTrue(((InetSocketAddress)socket.localAddress()).getPort() > 0, () -> "" + socket.localAddress());
    }

    @ParameterizedTest
    @ValueSource(ints = {232, 248, 249, 1_000, 9_000, 65_507})
    void longDatagramsTravelInFragments(final int length) throws IOException {
        open(Wait.PARK);
        socket.bind(SocketLoopback.local(0));
        socket.send(ByteBuffer.wrap(bytes(length)), peerAddress());
        assertArrayEquals(bytes(length), receiveAtPeer());
        socket.send(ByteBuffer.wrap(bytes(length)), peerAddress()); // confirmed by now: one-way
        assertArrayEquals(bytes(length), receiveAtPeer());
        sendFromPeer(bytes(length));
        assertEquals(peerAddress(), socket.receive(buffer));
        assertArrayEquals(bytes(length), received());
        sendFromPeer(bytes(length));
        final int count = socket.receive((from, offset, size, source) -> {
            final byte[] copy = new byte[size];
            from.getBytes(offset, copy);
            assertArrayEquals(bytes(length), copy);
            assertEquals(peerAddress(), source);
        });
        assertEquals(1, count);
    }

    @Test
    void tooLongDatagramIsRefused() throws IOException {
        open(Wait.PARK);
        socket.connect(peerAddress());
        assertTrue(assertThrows(SocketException.class, () -> socket.write(ByteBuffer.allocate(65_536))).getMessage().contains("too long"));
        socket.write(ByteBuffer.wrap(bytes(10)));
        assertArrayEquals(bytes(10), receiveAtPeer());
    }

    @Test
    void whatFindsNoRoomIsCutOff() throws IOException {
        open(Wait.PARK);
        socket.bind(SocketLoopback.local(0));
        sendFromPeer(bytes(100));
        sendFromPeer(new byte[]{7});
        final ByteBuffer small = ByteBuffer.allocate(10);
        assertEquals(peerAddress(), socket.receive(small));
        assertArrayEquals(Arrays.copyOf(bytes(100), 10), small.array());
        socket.receive(buffer);
        assertArrayEquals(new byte[]{7}, received());
    }

    @ParameterizedTest
    @EnumSource(Wait.class)
    void handlerEchoesWithoutCopies(final Wait wait) throws IOException {
        open(wait);
        socket.bind(SocketLoopback.local(0));
        for (int i = 0; i < 50; i++) {
            sendFromPeer(bytes(i));
            assertEquals(1, socket.receive((from, offset, length, source) -> {
                try {
                    assertEquals(length, socket.send(from, offset, length, source));
                    assertThrows(IllegalStateException.class, loopback.sockets::poll, "the record would go");
                } catch (final IOException e) {
                    throw new AssertionError(e);
                }
            }));
            assertArrayEquals(bytes(i), receiveAtPeer());
        }
    }

    @Test
    void nonBlockingReceiveReturnsAtOnce() throws IOException, InterruptedException {
        open(Wait.PARK);
        socket.bind(SocketLoopback.local(0));
        socket.configureBlocking(false);
        assertNull(socket.receive(buffer));
        assertEquals(0, socket.receive((from, offset, length, source) -> { }));
        sendFromPeer(bytes(3));
        while (socket.receive(buffer) == null) {
            Thread.sleep(1);
        }
        assertArrayEquals(bytes(3), received());
    }

    @Test
    void deadlineEndsTheWait() throws IOException {
        open(Wait.PARK);
        socket.bind(SocketLoopback.local(0));
        final long deadlineNs = SocketLoopback.in(Duration.ofMillis(30));
        assertThrows(SocketTimeoutException.class, () -> socket.receive(buffer, deadlineNs));
        assertTrue(System.nanoTime() - deadlineNs >= 0);
        assertEquals(0, socket.receive((from, offset, length, source) -> { }, SocketLoopback.in(Duration.ofMillis(30))));
    }

    @Test
    void nobodyThereIsThrownOnce() throws IOException {
        open(Wait.PARK);
        final InetSocketAddress gone = peerAddress();
        peer.close();
        socket.connect(gone);
        socket.write(ByteBuffer.wrap(bytes(1)));
        assertThrows(PortUnreachableException.class, () -> socket.receive(buffer, SocketLoopback.in(Duration.ofSeconds(20))));
        assertThrows(SocketTimeoutException.class, () -> socket.receive(buffer, SocketLoopback.in(Duration.ofMillis(20))));
    }

    @Test
    void whatAHandlerThrowsLosesOneDatagramOnly() throws IOException {
        open(Wait.PARK);
        socket.bind(SocketLoopback.local(0));
        for (int i = 0; i < 40; i++) { // more than the ring holds
            sendFromPeer(new byte[]{(byte)i});
        }
        final List<Integer> seen = new ArrayList<>();
        while (seen.size() < 40) {
            try {
                socket.receive((from, offset, length, source) -> {
                    seen.add((int)from.getByte(offset));
                    throw new IllegalArgumentException("a handler's own mistake");
                });
            } catch (final IllegalArgumentException e) {
                continue;
            }
        }
        assertEquals(java.util.stream.IntStream.range(0, 40).boxed().toList(), seen);
    }

    @Test
    void disconnectedSocketReceivesFromAnybody() throws IOException {
        open(Wait.PARK);
        socket.bind(SocketLoopback.local(0));
        socket.connect(SocketLoopback.local(9));
        socket.disconnect();
        assertFalse(socket.isConnected());
        assertNull(socket.remoteAddress());
        socket.send(ByteBuffer.wrap(bytes(4)), peerAddress());
        sendFromPeer(bytes(receiveAtPeer().length));
        assertEquals(peerAddress(), socket.receive(buffer));
    }

    @Test
    void slowGuestLosesNothingThatTheKernelKeeps() throws IOException {
        open(Wait.PARK);
        loopback.close();
        loopback = new SocketLoopback(folder, Wait.PARK, SocketLoopback.SMALL, Policy.allowAll(), new SocketsContext().receiveWindow(2_000));
        socket = loopback.sockets.openDatagram(StandardProtocolFamily.INET);
        socket.bind(SocketLoopback.local(0));
        for (int i = 0; i < 100; i++) {
            sendFromPeer(new byte[]{(byte)i, 1, 2, 3});
        }
        for (int i = 0; i < 100; i++) {
            socket.receive(buffer, SocketLoopback.in(Duration.ofSeconds(20)));
            assertEquals(i, received()[0]);
        }
    }

    @Test
    void manyDatagramsOneWayAndWindowComesBack() throws IOException {
        open(Wait.PARK);
        socket.connect(peerAddress());
        final UnsafeBuffer bytes = new UnsafeBuffer(bytes(200));
        for (int i = 0; i < 20_000; i++) { // more than five windows of the agent
            assertEquals(200, socket.write(bytes, 0, 200));
        }
    }

    @Test
    void ipv6TakesIpv4UnlessItIsAlone() throws IOException {
        open(Wait.PARK);
        final VmDatagramChannel both = loopback.sockets.openDatagram(StandardProtocolFamily.INET6);
        both.bind(new InetSocketAddress("::", 0));
        both.send(ByteBuffer.wrap(bytes(9)), peerAddress());
        final DatagramPacket packet = new DatagramPacket(new byte[100], 100);
        peer.receive(packet);
        peer.send(new DatagramPacket(bytes(6), 6, packet.getSocketAddress()));
        assertEquals(peerAddress(), both.receive(buffer), "an IPv4 address is one in Java");
        assertFalse(both.getOption(VmSocketOptions.IPV6_V6ONLY));
        final VmDatagramChannel alone = loopback.sockets.openDatagram(VmProtocolFamily.INET6_ONLY);
        assertTrue(alone.getOption(VmSocketOptions.IPV6_V6ONLY));
        final int port = ((InetSocketAddress)peer.getLocalSocketAddress()).getPort();
        alone.bind(new InetSocketAddress("::", port)); // the peer has it for IPv4
        assertEquals(port, ((InetSocketAddress)alone.localAddress()).getPort());
    }

    @Test
    void portIsSharedWithReusePort() throws IOException {
        open(Wait.PARK);
        final List<VmDatagramChannel> others = new ArrayList<>();
        socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        socket.bind(SocketLoopback.local(0));
        for (int i = 0; i < 3; i++) {
            final VmDatagramChannel other = loopback.sockets.openDatagram(StandardProtocolFamily.INET);
            other.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            other.bind(socket.localAddress());
            others.add(other);
        }
        assertEquals(3, others.size());
    }

    @Test
    void optionsComeBack() throws IOException {
        open(Wait.PARK);
        for (final boolean value : new boolean[]{true, false}) {
            socket.setOption(StandardSocketOptions.SO_BROADCAST, value);
            assertEquals(value, socket.getOption(StandardSocketOptions.SO_BROADCAST));
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, value);
            assertEquals(value, socket.getOption(StandardSocketOptions.SO_REUSEADDR));
            socket.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, value);
            assertEquals(value, socket.getOption(StandardSocketOptions.IP_MULTICAST_LOOP));
        }
        socket.setOption(StandardSocketOptions.IP_TOS, 0x10);
        assertEquals(0x10, socket.getOption(StandardSocketOptions.IP_TOS));
        socket.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 7);
        assertEquals(7, socket.getOption(StandardSocketOptions.IP_MULTICAST_TTL));
        socket.setOption(VmSocketOptions.MULTICAST_INTERFACE, 1);
        final VmDatagramChannel ipv6 = loopback.sockets.openDatagram(StandardProtocolFamily.INET6);
        ipv6.setOption(VmSocketOptions.MULTICAST_INTERFACE, 1);
        assertEquals(1, ipv6.getOption(VmSocketOptions.MULTICAST_INTERFACE));
        socket.setOption(StandardSocketOptions.SO_RCVBUF, 50_000);
        assertTrue(socket.getOption(StandardSocketOptions.SO_RCVBUF) >= 50_000);
        assertEquals(0, socket.getOption(VmSocketOptions.SO_ERROR));
        assertThrows(SocketException.class, () -> socket.setOption(StandardSocketOptions.IP_TOS, 256));
    }

    @Test
    void multicastOnTheLoopbackInterface() throws IOException {
        open(Wait.PARK);
        final InetAddress group = InetAddress.getByName("239.1.2.3");
        socket.bind(new InetSocketAddress("0.0.0.0", 0));
        socket.join(group, "lo");
        final int port = ((InetSocketAddress)socket.localAddress()).getPort();
        try (DatagramChannel sender = DatagramChannel.open(StandardProtocolFamily.INET)) {
            sender.setOption(StandardSocketOptions.IP_MULTICAST_IF, NetworkInterface.getByName("lo"));
            sender.bind(SocketLoopback.local(0));
            sender.send(ByteBuffer.wrap(bytes(20)), new InetSocketAddress(group, port));
            assertEquals(sender.getLocalAddress(), socket.receive(buffer, SocketLoopback.in(Duration.ofSeconds(20))));
            assertArrayEquals(bytes(20), received());
            socket.leave(group, "lo");
            sender.send(ByteBuffer.wrap(bytes(20)), new InetSocketAddress(group, port));
            assertThrows(SocketTimeoutException.class, () -> socket.receive(buffer, SocketLoopback.in(Duration.ofMillis(50))));
            socket.join(group, "lo", InetAddress.getLoopbackAddress());
            sender.send(ByteBuffer.wrap(bytes(21)), new InetSocketAddress(group, port));
            socket.receive(buffer, SocketLoopback.in(Duration.ofSeconds(20)));
            assertArrayEquals(bytes(21), received());
        }
    }
}
