package io.vmrpc.guest.rpc;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.vmrpc.error.Status;
import io.vmrpc.guest.Channel;
import io.vmrpc.guest.CompletionListener;
import io.vmrpc.layout.Protocol;
import io.vmrpc.rpc.CallOptions;
import io.vmrpc.rpc.ClientCall;
import io.vmrpc.rpc.ClientInterceptor;
import io.vmrpc.rpc.Metadata;
import io.vmrpc.rpc.RpcException;
import io.vmrpc.rpc.schema.CallStyle;
import io.vmrpc.rpc.schema.MethodDescriptor;
import io.vmrpc.rpc.wire.RpcProtocol;
import io.vmrpc.rpc.wire.WireException;
import io.vmrpc.rpc.wire.WireWriter;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A call that is being written and sent. One is used again for all calls of a channel; only a call that is begun by a listener, while another
 * one waits for space in the ring, has one of its own.
 */
final class Outgoing {
    /** Beyond any host's limit, which is looked at when the call is sent. */
    private static final int MAX_ARGUMENTS = 1 << 30;
    private static final DirectBuffer NOTHING = new UnsafeBuffer(new byte[0]);
    private final GuestRpc rpc;
    private final Channel channel;
    private final WireWriter writer;
    private final UnsafeBuffer head = new UnsafeBuffer(new byte[RpcProtocol.HEADER_LENGTH + Short.BYTES + RpcProtocol.MAX_METADATA +
        RpcProtocol.SUBSCRIPTION_LENGTH + 2 * Integer.BYTES]);
    private final UnsafeBuffer chunkHead = new UnsafeBuffer(new byte[RpcProtocol.CHUNK_HEADER]);
    private int argumentsAt;
    private int subscriptionAt;
    private long untilNs;
    private int window;
    /** Of the request that is being sent: its payload is this and `restLength` bytes of the body. */
    private DirectBuffer first = NOTHING;
    private int firstLength;
    private int restLength;
    private boolean isSending;
    private @Nullable ClientCall call;

    Outgoing(final GuestRpc rpc) {
        this.rpc = rpc;
        channel = rpc.channel();
        writer = new WireWriter(Math.max(Protocol.PAGE, channel.payloadCapacity()), MAX_ARGUMENTS);
    }

    WireWriter begin(final MethodDescriptor method, final CallOptions options) {
        end(Status.INVALID_ARGUMENT); // of a call whose arguments could not be written
        untilNs = options.untilNs();
        window = options.window();
        Metadata metadata = options.metadata();
        final List<ClientInterceptor> interceptors = rpc.interceptors();
        if (!interceptors.isEmpty()) {
            final ClientCall begun = new ClientCall(method, untilNs, metadata);
            for (int i = 0; i < interceptors.size(); i++) {
                interceptors.get(i).onCall(begun);
            }
            call = begun;
            metadata = begun.metadata();
        }
        writer.begin(RpcProtocol.HEADER_LENGTH, method.argumentsText(), true);
        writer.putShort(0, (short)((metadata.isEmpty() ? 0 : RpcProtocol.FLAG_METADATA) | (options.wantsStack() ? RpcProtocol.FLAG_STACK : 0)));
        if (!metadata.isEmpty()) {
            write(metadata);
        }
        if (method.style() == CallStyle.SUBSCRIBE) {
            subscriptionAt = writer.append(RpcProtocol.SUBSCRIPTION_LENGTH);
            writer.putInt(subscriptionAt + Integer.BYTES, options.window());
        }
        argumentsAt = writer.position();
        return writer;
    }

    private void write(final Metadata metadata) {
        final int slot = writer.append(Short.BYTES);
        final int at = writer.beginBlock(Integer.BYTES);
        final int start = writer.position();
        writer.putInt(writer.append(Integer.BYTES), 2 * metadata.values().size());
        for (final Map.Entry<String, String> each : metadata.values().entrySet()) {
            writer.putString(writer.append(Integer.BYTES), each.getKey(), "metadata");
            writer.putString(writer.append(Integer.BYTES), each.getValue(), "metadata");
        }
        writer.endVariable(at, start);
        final int length = writer.position() - slot - Short.BYTES;
        if (length > RpcProtocol.MAX_METADATA) {
            throw new WireException("metadata takes " + length + " bytes, which is beyond " + RpcProtocol.MAX_METADATA + ": send less with each call");
        }
        writer.putShort(slot, (short)length);
    }

    /** Names the subscription that is being written. */
    void number(final int subscription) {
        writer.putInt(subscriptionAt, subscription);
    }

    /** Events that the call's subscription grants ahead. */
    int window() {
        return window;
    }

    /** The call as interceptors see it, which another one now looks after; null without interceptors. */
    @Nullable ClientCall takeCall() {
        final ClientCall taken = call;
        call = null;
        return taken;
    }

    void end(final Status status) {
        if (call != null) {
            end(takeCall(), status);
        }
    }

    void end(final @Nullable ClientCall ended, final Status status) {
        if (ended != null) {
            final List<ClientInterceptor> interceptors = rpc.interceptors();
            for (int i = interceptors.size() - 1; i >= 0; i--) {
                interceptors.get(i).onEnd(ended, status);
            }
        }
    }

    boolean isSending() {
        return isSending;
    }

    /** Sends and waits for the final completion. */
    void call(final ServiceConnection service, final int method, final int flags, final CompletionListener listener) {
        isSending = true;
        try {
            prepare(service);
            channel.call(service.operation(method), flags, untilNs, first, firstLength, body(), 0, restLength, listener);
        } finally {
            isSending = false;
        }
    }

    /** Sends and returns at once. */
    long submit(final ServiceConnection service, final int method, final int flags, final CompletionListener listener) {
        isSending = true;
        try {
            prepare(service);
            long correlation = channel.submit(service.operation(method), flags, untilNs, first, firstLength, body(), 0, restLength, listener);
            while (correlation == Channel.FULL) {
                awaitSpace(service);
                correlation = channel.submit(service.operation(method), flags, untilNs, first, firstLength, body(), 0, restLength, listener);
            }
            channel.flush();
            return correlation;
        } finally {
            isSending = false;
        }
    }

    /** Sends what nothing answers. */
    void send(final ServiceConnection service, final int method) {
        isSending = true;
        try {
            prepare(service);
            sendOneWay(service, method, first, firstLength, body(), 0, restLength);
        } finally {
            isSending = false;
        }
    }

    /** What the request itself carries: all of the call, or a head that names the chunks which are sent ahead here. */
    private void prepare(final ServiceConnection service) {
        final boolean isOneRecord = (long)writer.position() + writer.bodyLength() <= channel.payloadCapacity();
        first = isOneRecord ? writer.buffer() : head;
        firstLength = isOneRecord ? writer.position() : sendChunks(service);
        restLength = isOneRecord ? writer.bodyLength() : 0;
    }

    private DirectBuffer body() {
        final DirectBuffer body = writer.body();
        return body == null ? NOTHING : body;
    }

    /** Sends the arguments ahead; returns the length of the head that then calls. */
    private int sendChunks(final ServiceConnection service) {
        final int own = writer.position() - argumentsAt;
        final int total = own + writer.bodyLength();
        if (total > service.limit()) {
            throw new RpcException(Status.RESOURCE_EXHAUSTED, "the arguments take " + total + " bytes, but the host takes " + service.limit() + " in a call of " +
                service.name() + ": send less at a time, or raise RpcService.maxMessageBytes in the host");
        }
        head.putBytes(0, writer.buffer(), 0, argumentsAt);
        head.putShort(0, (short)(head.getShort(0, LITTLE_ENDIAN) | RpcProtocol.FLAG_CHUNKED), LITTLE_ENDIAN);
        final int transfer = rpc.nextTransfer();
        chunkHead.putInt(0, transfer, LITTLE_ENDIAN);
        sendChunks(service, 0, writer.buffer(), argumentsAt, own);
        sendChunks(service, own, body(), 0, writer.bodyLength());
        head.putInt(argumentsAt, transfer, LITTLE_ENDIAN);
        head.putInt(argumentsAt + Integer.BYTES, total, LITTLE_ENDIAN);
        return argumentsAt + 2 * Integer.BYTES;
    }

    private void sendChunks(final ServiceConnection service, final int first, final DirectBuffer bytes, final int at, final int length) {
        final int capacity = channel.payloadCapacity() - RpcProtocol.CHUNK_HEADER;
        for (int sent = 0; sent < length;) {
            final int size = Math.min(capacity, length - sent);
            chunkHead.putInt(Integer.BYTES, first + sent, LITTLE_ENDIAN);
            sendOneWay(service, RpcProtocol.METHOD_CHUNK, chunkHead, RpcProtocol.CHUNK_HEADER, bytes, at + sent, size);
            sent += size;
        }
    }

    private void sendOneWay(final ServiceConnection service, final int method, final DirectBuffer first, final int firstLength, final DirectBuffer rest,
        final int offset, final int length) {
        while (!channel.send(service.operation(method), first, firstLength, rest, offset, length)) {
            awaitSpace(service);
        }
    }

    private void awaitSpace(final ServiceConnection service) {
        if (channel.poll() == 0) {
            if (untilNs != Long.MAX_VALUE && System.nanoTime() - untilNs >= 0) {
                throw new RpcException(Status.DEADLINE_EXCEEDED, "the deadline passed while the call of " + service.name() + " waited for space in the ring");
            }
            channel.pause();
        }
    }
}
