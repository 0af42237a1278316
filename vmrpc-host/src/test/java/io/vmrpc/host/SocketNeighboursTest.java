package io.vmrpc.host;

import static io.vmrpc.host.SocketGuest.bytes;
import static io.vmrpc.host.SocketGuest.named;
import static io.vmrpc.socket.SocketProtocol.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.vmrpc.error.Status;
import io.vmrpc.host.RawGuest.Completion;
import io.vmrpc.host.policy.GuestPolicy;
import io.vmrpc.host.policy.Limits;
import io.vmrpc.host.policy.Policy;
import io.vmrpc.host.policy.Rule;
import io.vmrpc.host.policy.Transport;
import io.vmrpc.host.socket.SocketService;
import io.vmrpc.layout.Geometry;
import io.vmrpc.layout.Protocol;
import io.vmrpc.layout.SubmissionDescriptor;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two guests of one shard. Whatever floods the sockets of one from the network, and whatever that one asks for, the other one's sockets go on, and the agent's
 * memory stays bounded.
 */
@Timeout(60)
class SocketNeighboursTest {
    private static final Geometry GEOMETRY = new Geometry(2, 4, 16, 256);
    private static final int SOCKETS = 8;
    private static final int WINDOW = 1 << 20;
    private static final ThreadMXBean THREADS = (ThreadMXBean)ManagementFactory.getThreadMXBean();
    @TempDir
    Path folder;
    private Agent agent;
    private SocketGuest troubled;
    private SocketGuest neighbour;
    private int neighboursSocket;
    private DatagramSocket peer;
    private final DatagramPacket packet = new DatagramPacket(new byte[100], 100);
    private final AtomicBoolean isOver = new AtomicBoolean();
    private long exchanges;
    private long allocated;

    @BeforeEach
    void open() throws IOException {
        final Policy policy = Policy.forAll(GuestPolicy.of(new Limits(SOCKETS, 64 << 10, Limits.UNLIMITED, Limits.UNLIMITED), List.of(
            Rule.allow("out").outbound(Transport.UDP, Transport.TCP).addresses("127.0.0.1").build(),
            Rule.allow("in").inbound(Transport.UDP, Transport.TCP).addresses("127.0.0.1").build())));
        agent = Agent.invoker(new AgentContext().region(folder.resolve("troubled")).region(folder.resolve("neighbour")).geometry(GEOMETRY)
            .service(new SocketService(policy)).removeRegionsOnClose(true));
        troubled = new SocketGuest(folder.resolve("troubled"), this::work);
        neighbour = new SocketGuest(folder.resolve("neighbour"), this::work);
        peer = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
        peer.setSoTimeout(20_000);
        neighboursSocket = neighbour.socket(TYPE_DATAGRAM, WINDOW);
        assertEquals(Status.OK, neighbour.call(CONNECT, named(neighboursSocket, 0, (InetSocketAddress)peer.getLocalSocketAddress())).status());
    }

    @AfterEach
    void close() {
        isOver.set(true);
        CloseHelper.closeAll(troubled, neighbour, peer, agent);
    }

    /** A flood may give the agent work for ever: it gets as many turns as a busy loop would before it looked at anything else. */
    private void work() {
        final long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100 && agent.doWork() > 0; i++) {
            continue;
        }
        allocated += THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    /** The neighbour's datagram goes out, its answer comes in, and a call is answered: in order, nothing lost. */
    private void neighbourExchanges() throws IOException {
        neighbour.oneWay(SEND, named(neighboursSocket, 0, null, RawGuest.bytes(exchanges)));
        peer.receive(packet);
        peer.send(packet);
        ByteBuffer event = bytes(neighbour.event());
        while (event.getShort(4) == EVENT_SENT) {
            event = bytes(neighbour.event());
        }
        assertEquals(EVENT_DATA, event.getShort(4));
        assertEquals(exchanges++, event.getLong(HEADER));
        neighbour.oneWay(CREDIT, RawGuest.ints(neighboursSocket, Long.BYTES + RECORD_COST));
        assertEquals(Status.OK, neighbour.call(NAME, RawGuest.ints(neighboursSocket, 0)).status());
    }

    private int bound(final int type) {
        final int id = troubled.socket(type, WINDOW);
        assertEquals(Status.OK, troubled.call(BIND, named(id, 0, new InetSocketAddress("127.0.0.1", 0))).status());
        return id;
    }

    private static long directMemory() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream().mapToLong(BufferPoolMXBean::getMemoryUsed).sum();
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }

    private AtomicLong flood(final SocketAddress target) {
        final AtomicLong sent = new AtomicLong();
        final Thread flood = new Thread(() -> {
            try (DatagramChannel channel = DatagramChannel.open()) {
                for (final ByteBuffer datagram = ByteBuffer.allocateDirect(1_000); !isOver.get(); sent.incrementAndGet()) {
                    channel.send(datagram.clear(), target); // longer than a record: each comes in fragments
                }
            } catch (final IOException e) {
                throw new AssertionError(e);
            }
        }, "flood");
        flood.setDaemon(true);
        flood.start();
        return sent;
    }

    @Test
    void aFloodOfDatagrams() throws IOException {
        final int id = bound(TYPE_DATAGRAM);
        final AtomicLong sent = flood(new InetSocketAddress("127.0.0.1", troubled.port(id)));
        neighbourExchanges();
        allocated = 0;
        final long direct = directMemory();
        final int before = 300;
        for (int i = 0; i < before; i++) { // the guest takes nothing: its ring is full
            neighbourExchanges();
        }
        final long sentBefore = sent.get();
        long taken = 0;
        while (exchanges < 2 * before || sent.get() < sentBefore + 10_000) { // it takes what it can
            neighbourExchanges();
            for (final Completion each : troubled.raw.poll(0)) {
                assertEquals(id, bytes(each).getInt(0));
                taken += each.payload().length;
                troubled.raw.offer(0, 0, Protocol.operation(1, CREDIT), Protocol.SUBMIT_ONE_WAY, Protocol.NO_DEADLINE,
                    RawGuest.ints(id, each.payload().length + RECORD_COST));
            }
        }
        System.out.println("SocketNeighboursTest: " + exchanges + " exchanges beside a flood of " + sent + " datagrams of 1000 bytes, of which the guest got "
            + taken + " bytes; the agent allocated " + allocated + " bytes");
        assertTrue(taken > 0, "the flooded guest is served too");
        assertTrue(directMemory() - direct < 1 << 20, "direct memory grew by " + (directMemory() - direct));
    }

    /** Connects without waiting for that, so that the kernel's queue overflows too. */
    private static List<SocketChannel> connects(final SocketAddress target, final int count) throws IOException {
        final List<SocketChannel> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            final SocketChannel client = SocketChannel.open();
            client.configureBlocking(false);
            client.connect(target);
            clients.add(client);
        }
        return clients;
    }

    private List<Integer> accepted() {
        troubled.events.addAll(troubled.raw.poll(0));
        final List<Integer> ids = troubled.events.stream().filter(each -> bytes(each).getShort(4) == EVENT_ACCEPTED).map(each -> bytes(each).getInt(HEADER)).toList();
        troubled.events.clear();
        return ids;
    }

    @Test
    void aFloodOfConnections() throws IOException {
        final int listener = bound(TYPE_STREAM);
        assertEquals(Status.OK, troubled.call(LISTEN, RawGuest.ints(listener, 16, 1_000)).status());
        final InetSocketAddress target = new InetSocketAddress("127.0.0.1", troubled.port(listener));
        final long before = descriptors();
        allocated = 0;
        List<SocketChannel> clients = connects(target, 300);
        for (int i = 0; i < 100; i++) {
            neighbourExchanges();
        }
        assertEquals(before + 300 + SOCKETS - 1, descriptors(), "limits.sockets of the policy holds, the listener included");
        final List<Integer> open = new ArrayList<>(accepted());
        assertEquals(SOCKETS - 1, open.size());
        CloseHelper.closeAll(clients);
        long drained = 0;
        while (!open.isEmpty()) { // what came and has gone again is handed over and closed, as far as the limit lets it
            for (final int id : open) {
                assertEquals(Status.OK, troubled.call(ADOPT, RawGuest.ints(id, WINDOW)).status());
                assertEquals(Status.OK, troubled.call(ABORT, RawGuest.ints(id)).status());
            }
            drained += open.size();
            neighbourExchanges();
            open.clear();
            final long untilNs = System.nanoTime() + 1_000_000_000L; // the agent looks again after a tenth of that
            while (open.isEmpty() && System.nanoTime() - untilNs < 0) {
                work();
                open.addAll(accepted());
            }
        }
        clients = connects(target, 1);
        troubled.await(() -> open.addAll(accepted()));
        System.out.println("SocketNeighboursTest: " + exchanges + " exchanges beside 300 connections, of which " + drained + " were accepted; the agent allocated "
            + allocated + " bytes");
        CloseHelper.closeAll(clients);
    }

    @Test
    void aGuestThatAsksForNonsense() throws IOException {
        final long seed = System.nanoTime();
        System.out.println("SocketNeighboursTest: seed=" + seed);
        final Random random = new Random(seed);
        final long before = descriptors();
        bound(TYPE_DATAGRAM);
        final int refused = nonsense(random, 4_000);
        assertTrue(refused > 1_000, "only " + refused + " requests were refused: this tests little");
        assertTrue(descriptors() - before <= SOCKETS, "descriptors grew by " + (descriptors() - before));
        troubled.raw.submit(0, Protocol.operation(1, NAME), 0, RawGuest.ints(0));
        for (int record = 0; record < GEOMETRY.ringCapacity(); record++) {
            troubled.raw.corrupt(0, record, SubmissionDescriptor.PAYLOAD_LENGTH, Integer.MAX_VALUE);
        }
        work();
        assertEquals(Protocol.SESSION_ENDED, troubled.raw.status());
        assertEquals(before, descriptors(), "its sockets have gone with it");
        neighbourExchanges();
    }

    /** Requests whose method, id and payload are anything, the neighbour's id among them; answers how many were refused. */
    private int nonsense(final Random random, final int count) throws IOException {
        int refused = 0;
        for (int i = 0; i < count; i++) {
            final int chosen = random.nextInt(22);
            final int method = chosen == LOOKUP ? OPEN : chosen; // that would ask this machine's name servers
            final byte[] payload = method == OPEN && random.nextBoolean() ? RawGuest.ints(FAMILY_IPV4, 1 + random.nextInt(2), 0, random.nextInt(5_000))
                : nonsense(random);
            final int flags = random.nextInt(4) == 0 ? Protocol.SUBMIT_ONE_WAY : 0;
            troubled.raw.offer(0, flags == 0 ? i + 1_000_000 : 0, Protocol.operation(1, method), flags, Protocol.NO_DEADLINE, payload);
            work();
            refused += (int)troubled.raw.poll(0).stream().filter(each -> each.status() != Status.OK).count();
            if (i % 20 == 0) {
                neighbourExchanges();
            }
        }
        return refused;
    }

    private byte[] nonsense(final Random random) {
        final byte[] payload = new byte[random.nextInt(60)];
        random.nextBytes(payload);
        if (payload.length >= 8) {
            final int id = switch (random.nextInt(4)) {
                case 0 -> neighboursSocket;
                case 1 -> 1 << 16 | random.nextInt(2 * SOCKETS);
                case 2 -> random.nextInt(5);
                default -> random.nextInt();
            };
            System.arraycopy(RawGuest.ints(id, random.nextInt(20)), 0, payload, 0, 8);
        }
        return payload;
    }
}
