package io.vmrpc.bench.peer;

import io.vmrpc.guest.Channel;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.guest.rpc.GuestRpc;
import io.vmrpc.host.rpc.RpcService;
import io.vmrpc.host.service.Service;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A generated stub calls a generated dispatcher, a buffer there and back. With its head the longest request is more than a record and goes in two. */
final class TypedCalls extends ChannelWay {
    private static final int ALIGNMENT = 64;

    TypedCalls(final String variant, final boolean isSpinning) {
        super(variant, isSpinning);
    }

    @Override
    Service service() {
        return RpcService.of(PeerEchoDispatcher.of(bytes -> bytes));
    }

    @Override
    Caller caller(final VmrpcGuest guest, final Channel channel) {
        final PeerEcho echo = PeerEchoStub.of(GuestRpc.over(guest, channel));
        final UnsafeBuffer all = new UnsafeBuffer(BufferUtil.allocateDirectAligned(LONGEST, ALIGNMENT));
        final UnsafeBuffer request = new UnsafeBuffer(all);
        all.putBytes(0, Way.request());
        return new Caller() {
            private DirectBuffer answer = all;

            @Override
            public int call(final int length) {
                request.wrap(all, 0, length);
                answer = echo.echo(request);
                return answer.capacity();
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
