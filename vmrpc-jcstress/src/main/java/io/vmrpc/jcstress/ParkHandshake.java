package io.vmrpc.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.vmrpc.layout.Protocol;
import io.vmrpc.park.EventCounter;
import io.vmrpc.park.Parker;
import io.vmrpc.ring.CompletionConsumer;
import io.vmrpc.ring.CompletionProducer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Steps A1 to A4 against G1 to G6: the agent skips its wake only if the guest finds the completion. */
@JCStressTest
@Outcome(id = "0, 0", expect = FORBIDDEN, desc = "lost wake-up: the agent saw no armed slot, the guest parks with a completion waiting")
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the guest finds the completion and does not park")
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the guest parks and the agent wakes it")
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "a wake too many")
@State
public class ParkHandshake extends SmallRegion {
    private final CompletionProducer producer = completionProducer();
    private final CompletionConsumer consumer = completionConsumer();
    private final EventCounter event = eventCounter();
    private final Parker parker = parker();

    /**
     * Completes and signals.
     *
     * @param r r1: 1 if the agent wakes.
     */
    @Actor
    public void agent(final II_Result r) {
        complete(producer, 1);
        r.r1 = event.advance() ? 1 : 0;
    }

    /**
     * Prepares to park.
     *
     * @param r r2: 1 if the guest found the completion, 0 if it parks.
     */
    @Actor
    public void guest(final II_Result r) {
        final int expected = parker.event();
        if (consumer.isEmpty()) {
            parker.arm(expected, Protocol.NO_DEADLINE, 0);
        }
        r.r2 = consumer.isEmpty() ? 0 : 1;
    }
}
