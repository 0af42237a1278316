package io.vmrpc.examples;

import io.vmrpc.error.Status;
import io.vmrpc.error.VmrpcException;
import io.vmrpc.guest.Channel;
import io.vmrpc.guest.CompletionListener;
import io.vmrpc.layout.Protocol;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A subscription: one request, many completions, then a last one. */
final class Ticks implements CompletionListener {
    private final List<Long> values = new ArrayList<>();
    private Status end;

    /** Takes some events and cancels. */
    static List<Long> take(final Channel channel, final int sample, final int count) {
        final Ticks ticks = new Ticks();
        final long subscription = channel.submit(Protocol.operation(sample, SampleService.TICKS), Protocol.SUBMIT_SUBSCRIBE, Long.MAX_VALUE,
            new UnsafeBuffer(new byte[0]), 0, 0, ticks); // FULL is for those who have more requests outstanding than the ring has records
        while (ticks.values.size() < count && ticks.end == null) {
            channel.await(Long.MAX_VALUE);
        }
        while (ticks.end == null && !channel.cancel(subscription)) {
            channel.poll();
        }
        while (ticks.end == null) {
            channel.await(Long.MAX_VALUE); // the agent has the last word: CANCELLED, or what came before
        }
        return ticks.values;
    }

    @Override
    public void onCompletion(final long correlation, final Status status, final int detail, final boolean more, final long lost,
        final DirectBuffer payload, final int offset, final int length) {
        if (more) {
            values.add(payload.getLong(offset));
        } else {
            end = status;
        }
    }

    @Override
    public void onFailure(final long correlation, final VmrpcException cause) {
        end = Status.UNAVAILABLE; // channel.await throws the cause
    }
}
