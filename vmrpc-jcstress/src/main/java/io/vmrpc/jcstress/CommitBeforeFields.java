package io.vmrpc.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;

import io.vmrpc.layout.CompletionDescriptor;
import io.vmrpc.ring.CompletionConsumer;
import org.agrona.DirectBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Control of {@link CompletionRing}: a producer that stores the commit first shows the guest a record without its fields. */
@JCStressTest
@Outcome(id = "-1", expect = ACCEPTABLE_INTERESTING, desc = "a torn completion, as expected with the commit stored first")
@Outcome(expect = ACCEPTABLE, desc = "nothing seen, or a whole completion this time")
@State
public class CommitBeforeFields extends SmallRegion {
    private final CompletionConsumer consumer = completionConsumer();

    /** Stores in the wrong order. */
    @Actor
    public void agent() {
        final int record = GEOMETRY.completionRing();
        channel.putLongRelease(record + CompletionDescriptor.COMMIT, 1);
        channel.putLongRelease(record + CompletionDescriptor.CORRELATION, 1);
        channel.putIntRelease(record + CompletionDescriptor.PAYLOAD_LENGTH, Payload.INLINE);
        channel.putBytes(record + CompletionDescriptor.PAYLOAD, Payload.of(0, Payload.INLINE), 0, Payload.INLINE);
    }

    /**
     * Takes what is there.
     *
     * @param r 0: nothing, 1: a whole completion, -1: a torn one.
     */
    @Actor
    public void guest(final I_Result r) {
        consumer.poll((correlation, status, flags, detail, lost, payload, offset, length) ->
            r.r1 = isWhole(correlation, payload, offset, length) ? 1 : -1, 1);
    }

    private static boolean isWhole(final long correlation, final DirectBuffer payload, final int offset, final int length) {
        return correlation == 1 && length == Payload.INLINE && Payload.belongs(0, payload, offset, length);
    }
}
