package io.vmrpc.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;

import io.vmrpc.layout.SlotDescriptor;
import io.vmrpc.ring.CompletionConsumer;
import io.vmrpc.ring.CompletionProducer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Control of {@link ParkHandshake}: the same stores and loads without A3 and G5. */
@JCStressTest
@Outcome(id = "0, 0", expect = ACCEPTABLE_INTERESTING, desc = "lost wake-up, as expected without fences")
@Outcome(expect = ACCEPTABLE, desc = "no wake-up lost this time")
@State
public class ParkHandshakeWithoutFences extends SmallRegion {
    private final CompletionProducer producer = completionProducer();
    private final CompletionConsumer consumer = completionConsumer();

    /**
     * A1, A2 and A4.
     *
     * @param r r1: 1 if the agent wakes.
     */
    @Actor
    public void agent(final II_Result r) {
        complete(producer, 1);
        slot.putIntRelease(SlotDescriptor.EVENT, 1);
        r.r1 = slot.getIntAcquire(SlotDescriptor.ARMED);
    }

    /**
     * G4 and G6.
     *
     * @param r r2: 1 if the guest found the completion, 0 if it parks.
     */
    @Actor
    public void guest(final II_Result r) {
        slot.putIntRelease(SlotDescriptor.ARMED, 1);
        r.r2 = consumer.isEmpty() ? 0 : 1;
    }
}
