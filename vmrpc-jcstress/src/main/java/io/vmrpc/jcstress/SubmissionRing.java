package io.vmrpc.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.vmrpc.ring.SubmissionConsumer;
import io.vmrpc.ring.SubmissionProducer;
import org.agrona.DirectBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Several times around a submission ring of two records: every submission arrives once, in order, with all of its fields and bytes,
 * also when its record is used again at once. Payloads stand in the record and in the record's buffer by turns.
 */
@JCStressTest
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "whole and in order")
@Outcome(id = "[^0].*", expect = FORBIDDEN, desc = "a submission torn, out of order or of another record")
@Outcome(id = "0, [^0].*", expect = FORBIDDEN, desc = "submissions lost or invented")
@State
public class SubmissionRing extends SmallRegion {
    private static final int TRIES = 7;
    private final SubmissionProducer producer = submissionProducer();
    private final SubmissionConsumer consumer = submissionConsumer();
    private long offered;
    private long taken;
    private int wrong;

    /** Submits while there is space, a few times around the ring. */
    @Actor
    public void guest() {
        for (int i = 0; i < TRIES; i++) {
            final long p = offered;
            final int length = length(p);
            if (producer.offer(p, (int)~p, 0, p * 3, Payload.of(p, length), 0, length)) {
                offered++;
            }
        }
    }

    /** Takes what is there. */
    @Actor
    public void agent() {
        for (int i = 0; i < TRIES; i++) {
            sound(() -> consumer.poll(this::take, 1));
        }
    }

    private static int length(final long position) {
        return (position >> 1 & 1) == 0 ? Payload.INLINE : Payload.BUFFERED;
    }

    private void take(final long correlation, final int operation, final int flags, final long deadlineNs, final DirectBuffer payload,
        final int length) {
        final long p = taken++;
        if (correlation != p || operation != (int)~p || deadlineNs != p * 3 || length != length(p) ||
            !Payload.belongs(p, payload, 0, length)) {
            wrong++;
        }
    }

    /**
     * Takes the rest and counts.
     *
     * @param r r1: wrong submissions, r2: offered minus taken.
     */
    @Arbiter
    public void after(final II_Result r) {
        sound(() -> consumer.poll(this::take, 2));
        r.r1 = wrong;
        r.r2 = (int)(offered - taken);
    }
}
