package io.vmrpc.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.error.Status;
import io.vmrpc.error.VmrpcException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.agrona.DirectBuffer;

/** {@link Outstanding} against a map. */
class OutstandingProperties {
    private final Map<Long, CompletionListener> model = new LinkedHashMap<>();
    private final Set<Long> everUsed = new HashSet<>();
    private final List<Long> ended = new ArrayList<>();

    private static final class Listener implements CompletionListener {
        private final List<Long> failed = new ArrayList<>();

        @Override
        public void onCompletion(final long correlation, final Status status, final int detail, final boolean more, final long lost,
            final DirectBuffer payload, final int offset, final int length) {
            throw new AssertionError("nothing completes here");
        }

        @Override
        public void onFailure(final long correlation, final VmrpcException failure) {
            failed.add(correlation);
        }
    }

    @Property(tries = 300)
    void behavesLikeMap(@ForAll @IntRange(min = 1, max = 9) final int capacity, @ForAll @Size(max = 200) final List<Integer> steps) {
        final Outstanding outstanding = new Outstanding(capacity);
        model.clear(); // one instance of this class serves all tries
        everUsed.clear();
        ended.clear();
        for (final int step : steps) {
            if (step % 2 == 0 && !outstanding.isFull()) {
                add(outstanding);
            } else if (!model.isEmpty()) {
                end(outstanding, Math.floorMod(step, model.size()));
            }
            check(outstanding, capacity);
        }
        failAll(outstanding);
    }

    private void add(final Outstanding outstanding) {
        final CompletionListener listener = new Listener();
        final long id = outstanding.add(listener);
        assertTrue(everUsed.add(id), "an id must not come twice");
        assertNotEquals(0, id, "0 names one-way requests");
        assertNotEquals(Channel.FULL, id);
        model.put(id, listener);
    }

    private void end(final Outstanding outstanding, final int choice) {
        final long id = new ArrayList<>(model.keySet()).get(choice);
        model.remove(id);
        ended.add(id);
        outstanding.remove(id);
        outstanding.remove(id); // a second time does nothing
    }

    private void check(final Outstanding outstanding, final int capacity) {
        assertEquals(model.size(), outstanding.size());
        assertEquals(model.size() == capacity, outstanding.isFull());
        model.forEach((id, listener) -> assertSame(listener, outstanding.find(id)));
        ended.forEach(id -> {
            assertNull(outstanding.find(id), "a late completion must find nobody");
            outstanding.remove(id);
        });
        assertNull(outstanding.find(0));
        assertNull(outstanding.find(-1));
        assertEquals(model.size(), outstanding.size(), "removing stale ids must free nothing");
    }

    private void failAll(final Outstanding outstanding) {
        outstanding.failAll(new VmrpcException("over"));
        model.forEach((id, listener) -> assertEquals(List.of(id), ((Listener)listener).failed));
        assertEquals(0, outstanding.size());
    }
}
