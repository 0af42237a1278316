package io.vmrpc.host.session;

import static io.vmrpc.layout.Protocol.*;

import io.vmrpc.error.ProtocolViolation;
import io.vmrpc.error.ProtocolViolation.Rule;
import io.vmrpc.error.Status;
import io.vmrpc.host.service.Service;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Service 0: the session itself (docs/protocol.md, section 9). The payload at hand is the agent's private copy. */
final class ControlOperations {
    private static final int MAX_NAME = 64;
    private final Session session;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final UnsafeBuffer number = new UnsafeBuffer(new byte[Integer.BYTES]);
    private final UnsafeBuffer echo = new UnsafeBuffer(0, 0);

    ControlOperations(final Session session, final List<Service> services) {
        this.session = session;
        for (final Service service : services) {
            numbers.put(service.name(), numbers.size() + 1);
        }
    }

    void onRequest(final HostChannel channel, final long correlation, final int method, final boolean isOneWay,
        final DirectBuffer payload, final int length) throws ProtocolViolation {
        DirectBuffer reply = null;
        Status status = Status.OK;
        switch (method) {
            case METHOD_PING -> {
                echo.wrap(payload, 0, length);
                reply = echo;
            }
            case METHOD_OPEN_CHANNEL -> status = open(channel, payload, length);
            case METHOD_CLOSE_CHANNEL -> status = close(channel, payload, length);
            case METHOD_CANCEL -> {
                require(length == Long.BYTES, "CANCEL length", length);
                channel.cancel(payload.getLong(0, ByteOrder.LITTLE_ENDIAN));
            }
            case METHOD_RESOLVE -> {
                final Integer found = resolve(payload, length);
                status = found == null ? Status.NOT_FOUND : Status.OK;
                reply = found == null ? null : number;
            }
            default -> status = Status.UNIMPLEMENTED;
        }
        channel.answer(isOneWay, correlation, status, reply);
    }

    private Status open(final HostChannel channel, final DirectBuffer payload, final int length) throws ProtocolViolation {
        require(session.isControl(channel), "OPEN_CHANNEL on a channel other than", 0);
        require(length == 2 * Integer.BYTES, "OPEN_CHANNEL length", length);
        final int index = payload.getInt(0, ByteOrder.LITTLE_ENDIAN);
        final int slot = payload.getInt(Integer.BYTES, ByteOrder.LITTLE_ENDIAN);
        require(session.isChannel(index), "OPEN_CHANNEL channel", index);
        require(session.signals().isValid(slot), "OPEN_CHANNEL slot", slot);
        return session.open(index, slot);
    }

    private Status close(final HostChannel channel, final DirectBuffer payload, final int length) throws ProtocolViolation {
        require(session.isControl(channel), "CLOSE_CHANNEL on a channel other than", 0);
        require(length == Integer.BYTES, "CLOSE_CHANNEL length", length);
        final int index = payload.getInt(0, ByteOrder.LITTLE_ENDIAN);
        require(session.isChannel(index), "CLOSE_CHANNEL channel", index);
        return session.close(index);
    }

    private Integer resolve(final DirectBuffer payload, final int length) {
        if (length > MAX_NAME) {
            return null;
        }
        final byte[] name = new byte[length];
        payload.getBytes(0, name);
        final Integer found = numbers.get(new String(name, StandardCharsets.UTF_8));
        if (found != null) {
            number.putInt(0, found, ByteOrder.LITTLE_ENDIAN);
        }
        return found;
    }

    private static void require(final boolean holds, final String what, final int value) throws ProtocolViolation {
        if (!holds) {
            throw new ProtocolViolation(Rule.CONTROL, what + "=" + Integer.toUnsignedString(value));
        }
    }
}
