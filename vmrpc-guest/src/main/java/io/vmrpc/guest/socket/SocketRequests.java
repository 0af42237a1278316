package io.vmrpc.guest.socket;

import static io.vmrpc.socket.SocketProtocol.HEADER;

import io.vmrpc.error.StatusException;
import io.vmrpc.error.VmrpcException;
import io.vmrpc.guest.Channel;
import io.vmrpc.guest.CompletionListener;
import io.vmrpc.guest.socket.SocketErrors.Operation;
import io.vmrpc.layout.Protocol;
import io.vmrpc.socket.SocketAddresses;
import io.vmrpc.socket.SocketProtocol;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Encodes requests of the service "socket" and reads their answers. Allocates nothing for those that travel by themselves. The owner's. */
final class SocketRequests {
    static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final UnsafeBuffer NOTHING = new UnsafeBuffer(new byte[0]);
    private final Channel channel;
    private final int service;
    private final UnsafeBuffer request;
    private final UnsafeBuffer reply;
    private final UnsafeBuffer oneWay = new UnsafeBuffer(new byte[HEADER]);
    private int replyLength;

    SocketRequests(final Channel channel, final int service) {
        this.channel = channel;
        this.service = service;
        request = new UnsafeBuffer(new byte[Math.max(channel.payloadCapacity(), SocketProtocol.MAX_ADDRESS + HEADER)]);
        reply = new UnsafeBuffer(new byte[channel.payloadCapacity()]);
    }

    int operation(final int method) {
        return Protocol.operation(service, method);
    }

    int payloadCapacity() {
        return channel.payloadCapacity();
    }

    /** Where the next request is written. */
    UnsafeBuffer request() {
        return request;
    }

    /** What the last call was answered. */
    DirectBuffer reply() {
        return reply;
    }

    int replyLength() {
        return replyLength;
    }

    /** Begins a request that names a socket. */
    UnsafeBuffer begin(final int id, final int second) {
        request.putInt(0, id, ORDER);
        request.putInt(4, second, ORDER);
        return request;
    }

    /** Calls with what stands in {@link #request()}. */
    void call(final int method, final int length, final Operation operation) throws IOException {
        call(method, length, operation, Long.MAX_VALUE);
    }

    void call(final int method, final int length, final Operation operation, final long deadlineNs) throws IOException {
        try {
            replyLength = channel.call(operation(method), request, 0, length, reply, 0, deadlineNs);
        } catch (final StatusException e) {
            throw SocketErrors.of(e, operation);
        } catch (final VmrpcException e) {
            throw SocketErrors.lost(e);
        }
    }

    int replyInt(final int offset) {
        return reply.getInt(offset, ORDER);
    }

    /** The address that stands in the reply; null for none. */
    SocketAddress replyAddress(final int offset) {
        return replyLength - offset < SocketProtocol.HEADER ? null : WireAddresses.get(reply, offset, replyLength - offset);
    }

    /** Where the address after that one begins. */
    int afterAddress(final int offset) {
        return offset + SocketAddresses.length(reply, offset);
    }

    /** SEND as a call, whose answer says whether the policy allows it. */
    void callSend(final DirectBuffer head, final int headLength, final DirectBuffer body, final int offset, final int length)
        throws IOException {
        request.putBytes(0, head, 0, headLength);
        request.putBytes(headLength, body, offset, length);
        call(SocketProtocol.SEND, headLength + length, Operation.DATAGRAM);
    }

    /** SEND that nothing answers; false if the ring is full. */
    boolean send(final DirectBuffer head, final int headLength, final DirectBuffer body, final int offset, final int length)
        throws IOException {
        try {
            return channel.send(operation(SocketProtocol.SEND), head, headLength, body, offset, length);
        } catch (final VmrpcException e) {
            throw SocketErrors.lost(e);
        }
    }

    /** CREDIT, ADOPT or ABORT that nothing answers; false if the ring is full. */
    boolean send(final int method, final int id, final int amount) {
        oneWay.putInt(0, id, ORDER);
        oneWay.putInt(4, amount, ORDER);
        return channel.send(operation(method), oneWay, 0, method == SocketProtocol.ABORT || method == SocketProtocol.CLOSE ? 4 : HEADER);
    }

    /** CLOSE or ABORT with an answer; false if there is no space for it. */
    boolean submit(final int method, final int id, final CompletionListener listener) {
        oneWay.putInt(0, id, ORDER);
        final boolean isSubmitted = channel.submit(operation(method), 0, Long.MAX_VALUE, oneWay, 0, 4, listener) != Channel.FULL;
        channel.flush();
        return isSubmitted;
    }

    /** EVENTS; its correlation, or {@link Channel#FULL}. */
    long subscribe(final CompletionListener listener) {
        return channel.submit(operation(SocketProtocol.EVENTS), Protocol.SUBMIT_SUBSCRIBE, Long.MAX_VALUE, NOTHING, 0, 0, listener);
    }
}
