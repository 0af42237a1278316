package io.vmrpc.host;

import static io.vmrpc.host.SocketGuest.bytes;
import static io.vmrpc.host.SocketGuest.named;
import static io.vmrpc.socket.SocketProtocol.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.error.Status;
import io.vmrpc.host.RawGuest.Completion;
import io.vmrpc.host.policy.Policy;
import io.vmrpc.host.socket.SocketService;
import io.vmrpc.layout.Geometry;
import io.vmrpc.layout.Protocol;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The service "socket" against a guest that may do anything: section 10 of the protocol, request by request. */
@Timeout(60)
class SocketWireTest {
    private static final int EBADF = 9;
    private static final int EACCES = 13;
    private static final int EINVAL = 22;
    private static final int ENOSYS = 38;
    private static final int EAFNOSUPPORT = 97;
    private static final int ENOBUFS = 105;
    private static final int WINDOW = 4096;
    @TempDir
    Path folder;
    private Agent agent;
    private SocketGuest sockets;
    private RawGuest guest;
    private DatagramSocket peer;
    private List<Completion> events;

    @BeforeEach
    void open() throws IOException {
        launch(Policy.allowAll());
        peer = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
        peer.setSoTimeout(20_000);
    }

    private void launch(final Policy policy) throws IOException {
        final Path region = folder.resolve(guest == null ? "region" : "another");
        agent = Agent.invoker(new AgentContext().region(region).geometry(new Geometry(2, 4, 16, 256)).service(new SocketService(policy))
            .removeRegionsOnClose(true));
        sockets = new SocketGuest(region, this::work);
        guest = sockets.raw;
        events = sockets.events;
    }

    @AfterEach
    void close() {
        peer.close();
        guest.close();
        agent.close();
    }

    private void work() {
        for (int i = 0; agent.doWork() > 0; i++) {
            assertTrue(i < 10_000, "the agent finds work for ever");
        }
    }

    private Completion call(final int method, final byte... payload) {
        return sockets.call(method, payload);
    }

    private void oneWay(final int method, final byte... payload) {
        sockets.oneWay(method, payload);
    }

    private Completion event() {
        return sockets.event();
    }

    private int socket(final int type, final int window) {
        return sockets.socket(type, window);
    }

    private InetSocketAddress peerAddress() {
        return new InetSocketAddress(peer.getLocalAddress(), peer.getLocalPort());
    }

    private int connectedSocket(final int window) {
        final int id = socket(TYPE_DATAGRAM, window);
        final Completion connected = call(CONNECT, named(id, 0, peerAddress()));
        assertEquals(Status.OK, connected.status(), connected::text);
        return id;
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    @Test
    void aDatagramGoesOutAndComesBack() throws IOException {
        final int id = connectedSocket(WINDOW);
        oneWay(SEND, named(id, 0, null, (byte)1, (byte)2, (byte)3));
        final DatagramPacket packet = new DatagramPacket(new byte[100], 100);
        peer.receive(packet);
        assertEquals(3, packet.getLength());
        peer.send(packet);
        final ByteBuffer event = bytes(event());
        assertEquals(id, event.getInt(0));
        assertEquals(EVENT_DATA, event.getShort(4));
        assertEquals(0, event.getShort(6));
        assertEquals(HEADER + 3, event.capacity());
        assertEquals(3, event.get(HEADER + 2));
    }

    @Test
    void aDatagramLongerThanARecordTravelsInFragments() throws IOException {
        final int id = connectedSocket(WINDOW);
        oneWay(SEND, named(id, FRAGMENT, null, new byte[200]));
        oneWay(SEND, named(id, 0, null, new byte[77]));
        final DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
        peer.receive(packet);
        assertEquals(277, packet.getLength());
        packet.getData()[999] = 42;
        packet.setLength(1000);
        peer.send(packet);
        final ByteBuffer whole = ByteBuffer.allocate(2000);
        boolean continues = true;
        while (continues) {
            final ByteBuffer event = bytes(event());
            assertEquals(EVENT_DATA, event.getShort(4));
            continues = (event.getShort(6) & FRAGMENT) != 0;
            whole.put(event.position(HEADER));
        }
        assertEquals(1000, whole.position());
        assertEquals(42, whole.get(999));
    }

    @Test
    void anAnswerIsToldBeforeItsSocketIsAskedForMore() throws IOException {
        final int id = connectedSocket(WINDOW);
        oneWay(SEND, named(id, 0, null, (byte)0));
        final DatagramPacket packet = new DatagramPacket(new byte[100], 100);
        peer.receive(packet);
        for (byte i = 1; i <= 3; i++) {
            packet.getData()[0] = i;
            peer.send(packet);
        }
        final int signalled = guest.event(0);
        for (int i = 1; i <= 3; i++) {
            assertEquals(i, bytes(event()).get(HEADER));
        }
        assertEquals(2, guest.event(0) - signalled, "one signal for what the guest waits for, one for all that came with it");
    }

    @Test
    void theWindowBoundsWhatArrives() throws IOException {
        final int id = connectedSocket(2 * RECORD_COST + 10);
        call(NAME, RawGuest.ints(id, 0));
        final int port = bytes(call(NAME, RawGuest.ints(id, 0))).getShort(2) & 0xffff;
        for (int i = 0; i < 10; i++) {
            peer.send(new DatagramPacket(new byte[] {(byte)i}, 1, InetAddress.getByName("127.0.0.1"), port));
        }
        for (int i = 0; i < 3; i++) { // the third overdraws
            assertEquals(i, bytes(event()).get(HEADER));
        }
        call(NAME, RawGuest.ints(id, 0)); // whatever was there to be read has been
        assertEquals(List.of(), events);
        oneWay(CREDIT, RawGuest.ints(id, 3 * (RECORD_COST + 1)));
        for (int i = 3; i < 6; i++) {
            assertEquals(i, bytes(event()).get(HEADER));
        }
    }

    @Test
    void whoSendsBeyondTheWindowLosesTheSocket() throws IOException {
        final Completion opened = call(OPEN, RawGuest.ints(FAMILY_IPV4, TYPE_STREAM, 0, WINDOW));
        final int id = bytes(opened).getInt(0);
        final long window = bytes(opened).getInt(4);
        try (java.net.ServerSocket listener = new java.net.ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            assertEquals(Status.OK, call(CONNECT, named(id, 0, (InetSocketAddress)listener.getLocalSocketAddress())).status());
            for (long sent = 0; sent < 64L * window && events.isEmpty(); sent += 240 + RECORD_COST) { // the peer never reads
                oneWay(SEND, named(id, 0, null, new byte[240]));
                events.addAll(guest.poll(0).stream().filter(each -> bytes(each).getShort(4) != EVENT_SENT).toList());
            }
            final ByteBuffer error = bytes(event());
            assertEquals(EVENT_ERROR, error.getShort(4));
            assertEquals(ENOBUFS, error.getInt(HEADER));
            assertEquals(1, error.getInt(HEADER + 4), "the socket is lost");
            assertEquals(Status.OK, call(CLOSE, RawGuest.ints(id)).status());
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 0, 1000, 97", "4, 1, 0, 1000, 97", "-1, 1, 0, 1000, 97", "1, 0, 0, 1000, 97", "1, 3, 0, 1000, 97", "3, 2, 0, 1000, 97",
        "1, 1, 2, 1000, 97", "1, 1, 0, -1, 22"})
    void openRefusesWhatItDoesNotKnow(final int family, final int type, final int flags, final int window, final int errno) {
        assertEquals(errno, call(OPEN, RawGuest.ints(family, type, flags, window)).detail());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 0x7fff_ffff, -1, 0x0001_0007, 0x0002_0000})
    void foreignIdsNameNothing(final int id) {
        socket(TYPE_DATAGRAM, WINDOW);
        for (final int method : new int[] {CLOSE, ABORT, SHUTDOWN, NAME, SET_OPTION, GET_OPTION, BIND, CONNECT, LISTEN, SEND, CREDIT, ADOPT,
            MEMBERSHIP}) {
            assertEquals(EBADF, call(method, named(id, 0, new InetSocketAddress(1))).detail(), "method " + method);
        }
    }

    @Test
    void anIdIsGoodUntilItIsClosedAndOnlyOnItsChannel() {
        final int id = socket(TYPE_DATAGRAM, WINDOW);
        guest.openChannel(1, 0);
        work();
        events.clear();
        guest.poll(0);
        guest.submit(1, Protocol.operation(1, EVENTS), Protocol.SUBMIT_SUBSCRIBE);
        guest.submit(1, Protocol.operation(1, CLOSE), 0, RawGuest.ints(id));
        work();
        assertEquals(EBADF, guest.poll(1).get(0).detail());
        assertEquals(Status.OK, call(CLOSE, RawGuest.ints(id)).status());
        assertEquals(EBADF, call(CLOSE, RawGuest.ints(id)).detail());
    }

    @ParameterizedTest
    @ValueSource(ints = {BIND, CONNECT, SEND, SHUTDOWN, SET_OPTION, MEMBERSHIP, CREDIT, LISTEN, ADOPT, OPEN, CLOSE, NAME})
    void requestsThatAreCutShortAreRefused(final int method) {
        final int id = socket(TYPE_DATAGRAM, WINDOW);
        for (int length = 0; length < 4; length++) {
            assertEquals(EINVAL, call(method, new byte[length]).detail());
        }
        if (method == BIND || method == CONNECT || method == MEMBERSHIP) {
            for (int length = 4; length < 32; length++) {
                final byte[] cut = java.util.Arrays.copyOf(named(id, 0, new InetSocketAddress("127.0.0.1", 9)), length);
                assertEquals(EINVAL, call(method, cut).detail(), "length " + length);
            }
        }
    }

    @Test
    void malformedAddressesAreRefused() {
        final int id = socket(TYPE_STREAM, WINDOW);
        for (final int family : new int[] {2, 3, 4, 0xffff}) {
            final byte[] request = named(id, 0, new InetSocketAddress("127.0.0.1", 9));
            request[8] = (byte)family;
            request[9] = (byte)(family >> 8);
            request[10] = 0;
            request[11] = 0;
            assertEquals(EAFNOSUPPORT, call(CONNECT, request).detail(), "family " + family);
        }
        final byte[] path = named(id, 0, new InetSocketAddress("127.0.0.1", 0xffff));
        path[8] = FAMILY_UNIX;
        assertEquals(EINVAL, call(CONNECT, path).detail(), "a path longer than the request");
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "99, 0", "-1, 0", "1, 2", "1, -1", "8, 256", "5, 0", "5, 2000000000", "7, -2", "7, 40000", "13, 1", "14, 0", "3, 9999999999"})
    void optionValuesAreBounded(final int option, final long value) {
        final int id = socket(TYPE_STREAM, WINDOW);
        final ByteBuffer request = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putInt(id).putInt(option).putLong(value);
        assertEquals(EINVAL, call(SET_OPTION, request.array()).detail());
    }

    @Test
    void anUnknownMethodIsAnsweredWithAnErrno() {
        final Completion answer = call(4711);
        assertEquals(Status.UNIMPLEMENTED, answer.status());
        assertEquals(ENOSYS, answer.detail());
        oneWay(4711); // and nothing if nobody waits
        assertEquals(List.of(), guest.poll(0));
    }

    @Test
    void aClosedPolicyRefusesEverythingByErrno() throws IOException {
        guest.close();
        agent.close();
        launch(Policy.closed());
        final Completion opened = call(OPEN, RawGuest.ints(FAMILY_IPV4, TYPE_DATAGRAM, 0, WINDOW));
        assertTrue(opened.status() != Status.OK || call(CONNECT, named(bytes(opened).getInt(0), 0, peerAddress())).detail() == EACCES);
        assertEquals(EACCES, call(LOOKUP, "localhost".getBytes(java.nio.charset.StandardCharsets.UTF_8)).detail());
    }

    @Test
    void theEndOfAChannelAndOfASessionCloseTheirSockets() throws IOException {
        socket(TYPE_DATAGRAM, WINDOW);
        final long before = descriptors();
        guest.openChannel(1, 0);
        work();
        guest.submit(1, Protocol.operation(1, EVENTS), Protocol.SUBMIT_SUBSCRIBE);
        for (int i = 0; i < 3; i++) {
            guest.submit(1, Protocol.operation(1, OPEN), 0, RawGuest.ints(FAMILY_IPV4, TYPE_DATAGRAM, 0, WINDOW));
        }
        work();
        assertEquals(before + 3, descriptors());
        guest.control(Protocol.METHOD_CLOSE_CHANNEL, RawGuest.ints(1));
        work();
        assertEquals(before, descriptors());
        guest.leave();
        work();
        assertEquals(before - 1, descriptors());
    }

    @Test
    void aPacketAllocatesNothingInTheAgent() throws IOException {
        final int id = connectedSocket(1 << 20);
        final byte[] request = named(id, 0, null, new byte[64]);
        final DatagramPacket packet = new DatagramPacket(new byte[100], 100);
        exchanges(request, packet, 5_000);
        final long bytes = exchanges(request, packet, 5_000);
        System.out.println("SocketWireTest: the agent allocated " + bytes + " bytes for 5000 packets and their answers");
        assertTrue(bytes < 5_000, "bytes=" + bytes);
    }

    /** What the agent's turns allocated; what this test does beside them does not count. */
    private long exchanges(final byte[] request, final DatagramPacket packet, final int count) throws IOException {
        long allocated = 0;
        for (int i = 0; i < count; i++) {
            assertTrue(guest.offer(0, 0, Protocol.operation(1, SEND), Protocol.SUBMIT_ONE_WAY, Protocol.NO_DEADLINE, request));
            allocated += allocatingTurns();
            peer.receive(packet);
            peer.send(packet);
            while (guest.poll(0).stream().noneMatch(each -> bytes(each).getShort(4) == EVENT_DATA)) {
                allocated += allocatingTurns();
            }
            if (i % 100 == 99) {
                oneWay(CREDIT, RawGuest.ints(ByteBuffer.wrap(request).order(ByteOrder.LITTLE_ENDIAN).getInt(0), 100 * (64 + RECORD_COST)));
            }
        }
        return allocated;
    }

    private long allocatingTurns() {
        final com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean)java.lang.management.ManagementFactory.getThreadMXBean();
        final long before = threads.getCurrentThreadAllocatedBytes();
        agent.doWork();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    void aThousandIdleSocketsAreNoWork() {
        for (int i = 0; i < 1_000; i++) {
            socket(TYPE_DATAGRAM, WINDOW);
        }
        work();
        for (int i = 0; i < 1_000; i++) {
            assertEquals(0, agent.doWork());
        }
    }

    @Test
    void aGuestThatTakesNothingMakesTheAgentKeepNothing() throws IOException {
        final int id = connectedSocket(1 << 20);
        final int port = bytes(call(NAME, RawGuest.ints(id, 0))).getShort(2) & 0xffff;
        for (int i = 0; i < 2000; i++) { // of a ring of 16
            peer.send(new DatagramPacket(new byte[] {(byte)i}, 1, InetAddress.getByName("127.0.0.1"), port));
            work();
        }
        assertEquals(1, guest.blocked(0), "the guest shall ring when it has made space");
        int count = 0;
        for (int taken = -1; taken != count; work()) {
            taken = count;
            for (final Completion each : guest.poll(0)) {
                assertEquals((byte)count++, bytes(each).get(HEADER), "in order, nothing lost before the kernel's own limit");
            }
        }
        assertTrue(count > 16, "count=" + count);
        assertEquals(0, guest.blocked(0));
    }
}
