package io.vmrpc.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.vmrpc.ring.CompletionConsumer;
import io.vmrpc.ring.CompletionProducer;
import org.agrona.DirectBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The same as {@link SubmissionRing} for completions, whose payload the guest reads in the region itself: the agent must not use a
 * record again before the guest has let it go.
 */
@JCStressTest
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "whole and in order")
@Outcome(id = "[^0].*", expect = FORBIDDEN, desc = "a completion torn, out of order or overwritten while it was read")
@Outcome(id = "0, [^0].*", expect = FORBIDDEN, desc = "completions lost or invented")
@State
public class CompletionRing extends SmallRegion {
    private static final int TRIES = 7;
    private final CompletionProducer producer = completionProducer();
    private final CompletionConsumer consumer = completionConsumer();
    private long offered;
    private long taken;
    private int wrong;

    /** Completes while there is space, a few times around the ring. */
    @Actor
    public void agent() {
        for (int i = 0; i < TRIES; i++) {
            final long p = offered;
            final int length = length(p);
            if (sound(() -> producer.offer(p, (int)p, 0, (int)~p, p * 3, Payload.of(p, length), 0, length))) {
                offered++;
            }
        }
    }

    /** Takes what is there. */
    @Actor
    public void guest() {
        for (int i = 0; i < TRIES; i++) {
            consumer.poll(this::take, 1);
        }
    }

    private static int length(final long position) {
        return (position >> 1 & 1) == 0 ? Payload.INLINE : Payload.BUFFERED;
    }

    private void take(final long correlation, final int status, final int flags, final int detail, final long lost,
        final DirectBuffer payload, final int offset, final int length) {
        final long p = taken++;
        if (correlation != p || status != (int)p || detail != (int)~p || lost != p * 3 || length != length(p) ||
            !Payload.belongs(p, payload, offset, length)) {
            wrong++;
        }
    }

    /**
     * Takes the rest and counts.
     *
     * @param r r1: wrong completions, r2: offered minus taken.
     */
    @Arbiter
    public void after(final II_Result r) {
        consumer.poll(this::take, 2);
        r.r1 = wrong;
        r.r2 = (int)(offered - taken);
    }
}
