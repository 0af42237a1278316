package io.vmrpc.host.rpc;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.vmrpc.error.Status;
import io.vmrpc.host.service.Request;
import io.vmrpc.rpc.schema.MethodDescriptor;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/** The service's description, which guests compare with their own: the limit of arguments, then a line for each method. */
final class Description {
    private final byte[] text;

    Description(final RpcService service) {
        final StringBuilder lines = new StringBuilder().append(service.limit());
        for (final MethodDescriptor method : service.descriptor().methods()) {
            lines.append('\n').append(method.text());
        }
        text = lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Answers with the part that begins where the guest says. */
    void reply(final Request request) {
        final int from = request.length() == Integer.BYTES ? request.payload().getInt(request.offset(), LITTLE_ENDIAN) : -1;
        if (from < 0 || from > text.length) {
            request.fail(Status.INVALID_ARGUMENT, 0, "DESCRIBE takes the offset of the part that is wanted, 0 to " + text.length);
            return;
        }
        final int size = Math.min(text.length - from, request.payloadCapacity() - Integer.BYTES);
        final UnsafeBuffer part = new UnsafeBuffer(new byte[Integer.BYTES + size]);
        part.putInt(0, text.length, LITTLE_ENDIAN);
        part.putBytes(Integer.BYTES, text, from, size);
        request.reply(part, 0, part.capacity());
    }
}
