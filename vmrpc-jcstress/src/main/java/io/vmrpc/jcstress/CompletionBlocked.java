package io.vmrpc.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.vmrpc.ring.CompletionConsumer;
import io.vmrpc.ring.CompletionHandler;
import io.vmrpc.ring.CompletionProducer;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Rule R22: an agent that holds completions back either finds the space itself or is rung when the guest makes it. */
@JCStressTest
@Outcome(id = "0, 0", expect = FORBIDDEN, desc = "the agent waits for space that is there, and nobody rings")
@Outcome(expect = ACCEPTABLE, desc = "found or rung")
@State
public class CompletionBlocked extends SmallRegion {
    private static final CompletionHandler TAKE = (correlation, status, flags, detail, lost, payload, offset, length) -> { };
    private final CompletionProducer producer = completionProducer();
    private final CompletionConsumer consumer = completionConsumer();

    /** Fills the ring. */
    public CompletionBlocked() {
        complete(producer, 1);
        complete(producer, 2);
    }

    /**
     * Makes space.
     *
     * @param r r1: 1 if the guest rings.
     */
    @Actor
    public void guest(final II_Result r) {
        consumer.poll(TAKE, 2);
        VarHandle.fullFence(); // partner: the agent's
        r.r1 = consumer.isAgentBlocked() ? 1 : 0;
    }

    /**
     * Holds a completion back.
     *
     * @param r r2: 1 if the agent finds space.
     */
    @Actor
    public void agent(final II_Result r) {
        producer.blocked(true);
        VarHandle.fullFence(); // partner: the guest's
        r.r2 = sound(producer::hasSpace) ? 1 : 0;
    }
}
