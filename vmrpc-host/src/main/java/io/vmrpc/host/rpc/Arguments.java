package io.vmrpc.host.rpc;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.vmrpc.host.service.Request;
import io.vmrpc.rpc.Metadata;
import io.vmrpc.rpc.schema.CallStyle;
import io.vmrpc.rpc.schema.MethodDescriptor;
import io.vmrpc.rpc.wire.RpcProtocol;
import io.vmrpc.rpc.wire.WireException;
import io.vmrpc.rpc.wire.WireReader;
import java.util.LinkedHashMap;
import java.util.Map;
import org.agrona.DirectBuffer;

/** Reads what stands before the arguments of a request, and finds the arguments. The bytes are the agent's own copy of what a guest wrote. */
final class Arguments {
    private final ChunkTable chunks;
    private final WireReader reader = new WireReader();
    private int flags;
    private Metadata metadata = Metadata.NONE;
    private int subscription;
    private int credit;

    Arguments(final ChunkTable chunks) {
        this.chunks = chunks;
    }

    /** Reads the head; the reader then stands at the arguments. */
    void read(final Request request, final MethodDescriptor method) {
        final DirectBuffer payload = request.payload();
        final int end = request.offset() + request.length();
        int at = request.offset();
        flags = 0;
        metadata = Metadata.NONE;
        if (request.length() > 0) {
            require(end - at, RpcProtocol.HEADER_LENGTH, method);
            flags = payload.getShort(at, LITTLE_ENDIAN) & 0xffff;
            at += RpcProtocol.HEADER_LENGTH;
        }
        if ((flags & ~RpcProtocol.FLAGS) != 0) {
            throw new WireException("the request of " + method + " has flags " + flags + ", which this host does not know: update it");
        }
        if ((flags & RpcProtocol.FLAG_METADATA) != 0) {
            at = readMetadata(payload, at, end, method);
        }
        if (method.style() == CallStyle.SUBSCRIBE) {
            require(end - at, RpcProtocol.SUBSCRIPTION_LENGTH, method);
            subscription = payload.getInt(at, LITTLE_ENDIAN);
            credit = payload.getInt(at + Integer.BYTES, LITTLE_ENDIAN);
            at += RpcProtocol.SUBSCRIPTION_LENGTH;
        }
        if ((flags & RpcProtocol.FLAG_CHUNKED) == 0) {
            reader.wrap(payload, at, end - at, method.argumentsText(), false);
        } else {
            require(end - at, 2 * Integer.BYTES, method);
            final int total = payload.getInt(at + Integer.BYTES, LITTLE_ENDIAN);
            reader.wrap(chunks.take(request.channel(), payload.getInt(at, LITTLE_ENDIAN), total, method), 0, total, method.argumentsText(), false);
        }
    }

    private int readMetadata(final DirectBuffer payload, final int start, final int end, final MethodDescriptor method) {
        require(end - start, Short.BYTES, method);
        final int length = payload.getShort(start, LITTLE_ENDIAN) & 0xffff;
        final int at = start + Short.BYTES;
        require(end - at, length, method);
        if (length > RpcProtocol.MAX_METADATA) {
            throw new WireException("the request of " + method + " has " + length + " bytes of metadata, more than " + RpcProtocol.MAX_METADATA);
        }
        reader.wrap(payload, at, length, "metadata", true);
        reader.beginBlock();
        reader.enter(0, "list");
        final int count = reader.count(Integer.BYTES, "list");
        final Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i + 1 < count; i += 2) {
            reader.element(Integer.BYTES, "name");
            final String name = reader.getString(0, "name");
            reader.element(Integer.BYTES, "value");
            values.put(name, reader.getString(0, "value"));
        }
        reader.leave();
        metadata = new Metadata(values);
        return at + length;
    }

    private static void require(final int there, final int wanted, final MethodDescriptor method) {
        if (there < wanted) {
            throw new WireException("the request of " + method + " ends within its header: " + there + " bytes are there, " + wanted + " are needed");
        }
    }

    WireReader reader() {
        return reader;
    }

    Metadata metadata() {
        return metadata;
    }

    boolean wantsStack() {
        return (flags & RpcProtocol.FLAG_STACK) != 0;
    }

    /** The guest's number for its subscription. */
    int subscription() {
        return subscription;
    }

    /** Events that it grants ahead. */
    int credit() {
        return credit;
    }
}
