package io.vmrpc.host;

import static io.vmrpc.socket.SocketProtocol.EVENTS;
import static io.vmrpc.socket.SocketProtocol.FAMILY_IPV4;
import static io.vmrpc.socket.SocketProtocol.NAME;
import static io.vmrpc.socket.SocketProtocol.OPEN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.error.Status;
import io.vmrpc.host.RawGuest.Completion;
import io.vmrpc.layout.Protocol;
import io.vmrpc.socket.SocketAddresses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.agrona.ExpandableArrayBuffer;

/** A raw guest of the service "socket", on its channel 0: requests and events, with the turns of the agent that they need. */
final class SocketGuest implements AutoCloseable {
    final RawGuest raw;
    /** Events that came while an answer was waited for. */
    final List<Completion> events = new ArrayList<>();
    private final Turns turns;
    private final long eventStream;

    /** Gives the agent its turns, until it has nothing to do, or enough of them. */
    interface Turns {
        void work();
    }

    /** Connects, and subscribes to its events. */
    SocketGuest(final Path region, final Turns turns) throws IOException {
        this.turns = turns;
        raw = new RawGuest(region);
        raw.hello();
        turns.work();
        eventStream = raw.submit(0, Protocol.operation(1, EVENTS), Protocol.SUBMIT_SUBSCRIBE);
        turns.work();
    }

    Completion call(final int method, final byte... payload) {
        final long id = raw.submit(0, Protocol.operation(1, method), 0, payload);
        final Completion[] answer = new Completion[1];
        await(() -> {
            for (final Completion each : raw.poll(0)) {
                if (each.correlation() == id) {
                    answer[0] = each;
                } else {
                    events.add(each);
                }
            }
            return answer[0] != null;
        });
        return answer[0];
    }

    void oneWay(final int method, final byte... payload) {
        assertTrue(raw.offer(0, 0, Protocol.operation(1, method), Protocol.SUBMIT_ONE_WAY, Protocol.NO_DEADLINE, payload));
        turns.work();
    }

    void await(final BooleanSupplier condition) {
        for (final long until = System.nanoTime() + 20_000_000_000L; !condition.getAsBoolean(); turns.work()) {
            assertTrue(System.nanoTime() - until < 0, "nothing came in 20 s");
            Thread.onSpinWait();
        }
    }

    Completion event() {
        await(() -> {
            events.addAll(raw.poll(0));
            return !events.isEmpty();
        });
        final Completion event = events.remove(0);
        assertEquals(eventStream, event.correlation());
        return event;
    }

    int socket(final int type, final int window) {
        final Completion opened = call(OPEN, RawGuest.ints(FAMILY_IPV4, type, 0, window));
        assertEquals(Status.OK, opened.status(), opened::text);
        return bytes(opened).getInt(0);
    }

    /** A socket's own port. */
    int port(final int id) {
        return bytes(call(NAME, RawGuest.ints(id, 0))).getShort(2) & 0xffff;
    }

    static ByteBuffer bytes(final Completion completion) {
        return ByteBuffer.wrap(completion.payload()).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A request of a socket: its id, a word, an address or none, data. */
    static byte[] named(final int id, final int word, final InetSocketAddress address, final byte... data) {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        buffer.putInt(0, id, ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(4, word, ByteOrder.LITTLE_ENDIAN);
        final int length = address == null ? 8 : 8 + SocketAddresses.put(buffer, 8, address);
        buffer.putBytes(length, data);
        final byte[] bytes = new byte[length + data.length];
        buffer.getBytes(0, bytes);
        return bytes;
    }

    @Override
    public void close() {
        raw.close();
    }
}
