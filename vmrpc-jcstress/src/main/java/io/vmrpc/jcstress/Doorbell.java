package io.vmrpc.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.vmrpc.layout.HeaderDescriptor;
import io.vmrpc.layout.Protocol;
import io.vmrpc.ring.SubmissionConsumer;
import io.vmrpc.ring.SubmissionProducer;
import java.lang.invoke.VarHandle;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Steps D1 to D3 against S1 to S3 of docs/protocol.md: the guest skips the doorbell only if the agent finds the submission. */
@JCStressTest
@Outcome(id = "0, 0", expect = FORBIDDEN, desc = "lost doorbell: the guest saw an agent awake, which sleeps with a submission waiting")
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the agent finds the submission and stays awake")
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the agent sleeps and the guest rings")
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "a doorbell too many")
@State
public class Doorbell extends SmallRegion {
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
        VarHandle.fullFence(); // D2
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
        VarHandle.fullFence(); // S2
        r.r2 = consumer.isEmpty() ? 0 : 1; // S3
    }
}
