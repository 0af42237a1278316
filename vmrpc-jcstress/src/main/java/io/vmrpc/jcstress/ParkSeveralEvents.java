package io.vmrpc.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.vmrpc.layout.Protocol;
import io.vmrpc.park.EventCounter;
import io.vmrpc.park.Parker;
import io.vmrpc.ring.CompletionConsumer;
import io.vmrpc.ring.CompletionHandler;
import io.vmrpc.ring.CompletionProducer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Two completions, two events, a guest that takes what it finds, disarms and arms again: it never stays parked beside a
 * completion. The agent's answer to its first event may concern an arming that is over, so only the second counts.
 */
@JCStressTest
@Outcome(id = "1, 1, 0", expect = FORBIDDEN, desc = "parked, a completion waits, and the last event woke nobody")
@Outcome(expect = ACCEPTABLE, desc = "everything taken, or woken")
@State
public class ParkSeveralEvents extends SmallRegion {
    private static final int ROUNDS = 4;
    private static final CompletionHandler TAKE = (correlation, status, flags, detail, lost, payload, offset, length) -> { };
    private final CompletionProducer producer = completionProducer();
    private final CompletionConsumer consumer = completionConsumer();
    private final EventCounter event = eventCounter();
    private final Parker parker = parker();

    /**
     * Completes and signals twice.
     *
     * @param r r3: 1 if the second event wakes.
     */
    @Actor
    public void agent(final III_Result r) {
        complete(producer, 1);
        event.advance();
        complete(producer, 2);
        r.r3 = event.advance() ? 1 : 0;
    }

    /**
     * Takes completions until it parks.
     *
     * @param r r1: 1 if the guest parks.
     */
    @Actor
    public void guest(final III_Result r) {
        for (int round = 0; round < ROUNDS && r.r1 == 0; round++) {
            final int expected = parker.event();
            if (consumer.poll(TAKE, 2) == 0) {
                parker.arm(expected, Protocol.NO_DEADLINE, 0);
                if (consumer.isEmpty()) {
                    r.r1 = 1;
                } else {
                    parker.disarm();
                }
            }
        }
    }

    /**
     * Looks at what is left.
     *
     * @param r r2: 1 if a completion waits.
     */
    @Arbiter
    public void after(final III_Result r) {
        r.r2 = consumer.isEmpty() ? 0 : 1;
    }
}
