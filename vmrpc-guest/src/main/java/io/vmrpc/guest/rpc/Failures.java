package io.vmrpc.guest.rpc;

import io.vmrpc.error.Status;
import io.vmrpc.rpc.RpcException;
import io.vmrpc.rpc.schema.MethodDescriptor;
import io.vmrpc.rpc.wire.RpcProtocol;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;

/** Exceptions made from completions. */
final class Failures {
    private static final int PARTS = 3;

    private Failures() {
    }

    static RpcException of(final MethodDescriptor method, final Status status, final int detail, final DirectBuffer payload, final int offset,
        final int length) {
        final byte[] bytes = new byte[length];
        payload.getBytes(offset, bytes);
        final String text = new String(bytes, StandardCharsets.UTF_8);
        if (detail == RpcProtocol.DETAIL_EXCEPTION) {
            final String[] parts = text.split("\0", PARTS);
            return new RpcException(status, parts.length > 1 ? parts[1] : "", parts[0].isEmpty() ? null : parts[0],
                parts.length == PARTS ? parts[2] : null);
        }
        return new RpcException(status, text.isEmpty() ? defaultText(method, status) : text);
    }

    private static String defaultText(final MethodDescriptor method, final Status status) {
        return switch (status) {
            case CANCELLED -> "the call of " + method + " was cancelled";
            case DEADLINE_EXCEEDED -> deadline(method);
            case RESOURCE_EXHAUSTED -> "the host had no resources left for the call of " + method + ": wait for other calls, or raise its quotas";
            default -> "the host answered the call of " + method + " with " + status;
        };
    }

    static String deadline(final MethodDescriptor method) {
        return "the deadline of the call of " + method + " passed before its reply came";
    }
}
