package io.vmrpc.host.session;

import static org.junit.jupiter.api.Assertions.*;

import io.vmrpc.layout.Protocol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The heap of deadlines against a list that is searched. */
class DeadlinesProperties {
    /** Numbers from 0 add that deadline, negative ones remove the request at that place, if there is one. */
    @Property
    void theNextOneIsAlwaysTheEarliest(@ForAll @Size(max = 200) final List<@IntRange(min = -60, max = 100) Integer> steps) {
        final Deadlines deadlines = new Deadlines();
        final List<OutstandingRequest> model = new ArrayList<>();
        for (final int step : steps) {
            if (step >= 0) {
                final OutstandingRequest request = new OutstandingRequest(null);
                request.deadlineNs = step;
                deadlines.add(request);
                model.add(request);
            } else if (-step <= model.size()) {
                final OutstandingRequest removed = model.remove(-step - 1);
                deadlines.remove(removed);
                assertEquals(-1, removed.place);
                deadlines.remove(removed); // twice does no harm
            }
            assertEquals(model.stream().mapToLong(request -> request.deadlineNs).min().orElse(Protocol.NO_DEADLINE), deadlines.next());
        }
        model.sort(Comparator.comparingLong(request -> request.deadlineNs));
        for (final OutstandingRequest request : model) {
            assertEquals(request.deadlineNs, deadlines.next());
            deadlines.remove(request);
        }
        assertEquals(Protocol.NO_DEADLINE, deadlines.next());
    }
}
