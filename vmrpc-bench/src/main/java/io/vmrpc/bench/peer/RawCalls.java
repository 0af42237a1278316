package io.vmrpc.bench.peer;

import io.vmrpc.guest.Channel;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.host.service.Request;
import io.vmrpc.host.service.Service;
import io.vmrpc.layout.Protocol;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** Bytes by {@link Channel#call} to a service that answers with them: what stubs are built on. */
final class RawCalls extends ChannelWay {
    private static final String SERVICE = "peers";
    private static final int METHOD = 0;
    private static final int ALIGNMENT = 64;

    RawCalls(final String variant, final boolean isSpinning) {
        super(variant, isSpinning);
    }

    @Override
    Service service() {
        return new Service() {
            @Override
            public String name() {
                return SERVICE;
            }

            @Override
            public void onRequest(final Request request) {
                request.reply(request.payload(), request.offset(), request.length());
            }
        };
    }

    @Override
    Caller caller(final VmrpcGuest guest, final Channel channel) {
        final int operation = Protocol.operation(guest.resolve(SERVICE), METHOD);
        final UnsafeBuffer request = new UnsafeBuffer(BufferUtil.allocateDirectAligned(LONGEST, ALIGNMENT));
        final UnsafeBuffer answer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(LONGEST, ALIGNMENT));
        request.putBytes(0, Way.request());
        return new Caller() {
            @Override
            public int call(final int length) {
                return channel.call(operation, request, 0, length, answer);
            }

            @Override
            public byte answer(final int index) {
                return answer.getByte(index);
            }

            @Override
            public void close() {
                // the channel has another owner
            }
        };
    }
}
