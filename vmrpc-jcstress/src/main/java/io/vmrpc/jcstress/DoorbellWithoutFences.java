package io.vmrpc.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;

import io.vmrpc.layout.HeaderDescriptor;
import io.vmrpc.layout.Protocol;
import io.vmrpc.ring.SubmissionConsumer;
import io.vmrpc.ring.SubmissionProducer;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Control of {@link Doorbell}: the same stores and loads without D2 and S2. */
@JCStressTest
@Outcome(id = "0, 0", expect = ACCEPTABLE_INTERESTING, desc = "lost doorbell, as expected without fences")
@Outcome(expect = ACCEPTABLE, desc = "no doorbell lost this time")
@State
public class DoorbellWithoutFences extends SmallRegion {
    private final UnsafeBuffer header = new UnsafeBuffer(new byte[HeaderDescriptor.GUEST]);
    private final SubmissionProducer producer = submissionProducer();
    private final SubmissionConsumer consumer = submissionConsumer();

    /**
     * Submits and asks whether to ring.
     *
     * @param r r1: 1 if the guest rings.
     */
    @Actor
    public void guest(final II_Result r) {
        producer.offer(1, 0, 0, Protocol.NO_DEADLINE, NOTHING, 0, 0); // D1
        r.r1 = header.getIntAcquire(HeaderDescriptor.SLEEPING); // D3
    }

    /**
     * Goes to sleep.
     *
     * @param r r2: 1 if the agent finds the submission, 0 if it sleeps.
     */
    @Actor
    public void agent(final II_Result r) {
        header.putIntRelease(HeaderDescriptor.SLEEPING, 1); // S1
        r.r2 = consumer.isEmpty() ? 0 : 1; // S3
    }
}
