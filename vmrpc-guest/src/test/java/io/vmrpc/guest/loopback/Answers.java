package io.vmrpc.guest.loopback;

import static org.junit.jupiter.api.Assertions.assertNull;

import io.vmrpc.error.Status;
import io.vmrpc.error.VmrpcException;
import io.vmrpc.guest.CompletionListener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;

/** Remembers what a channel's requests were answered, and that each was answered finally only once. */
final class Answers implements CompletionListener {
    final Map<Long, Answer> last = new HashMap<>();
    final Map<Long, VmrpcException> failures = new HashMap<>();
    final List<Long> order = new ArrayList<>();
    final List<Long> events = new ArrayList<>();

    /** A final completion. */
    record Answer(Status status, int detail, long lost, byte[] payload) {
    }

    @Override
    public void onCompletion(final long correlation, final Status status, final int detail, final boolean more, final long lost,
        final DirectBuffer payload, final int offset, final int length) {
        if (more) {
            events.add(payload.getLong(offset));
            return;
        }
        final byte[] bytes = new byte[length];
        payload.getBytes(offset, bytes);
        assertNull(last.put(correlation, new Answer(status, detail, lost, bytes)), "a request was completed twice");
        order.add(correlation);
    }

    @Override
    public void onFailure(final long correlation, final VmrpcException failure) {
        assertNull(failures.put(correlation, failure), "a request failed twice");
    }
}
