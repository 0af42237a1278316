package io.vmrpc.guest;

import io.vmrpc.natives.Native;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * How other threads of the guest end the park of a vCPU's owner, so that no wake-up is lost.
 *
 * <pre>
 *  another thread                         the owner
 *  W1 publish the task                    P1 until, sequence odd
 *  W2 full fence     &lt;- partner of P2     P2 full fence    &lt;- partner of W2
 *  W3 sequence odd?  else done            P3 nothing published?  else skip P4
 *  W4   kick                              P4 park
 *  W5   sequence moved?  else again W4    P5 sequence even; look at what is published
 * </pre>
 *
 * <p>W1 and P1 are stores, W3 and P3 look at the other's: by the fences at least one sees the other. So either the owner does not park,
 * or the other thread knows that it may. Then it kicks, and one kick is not enough: the interrupt may be taken between P3 and the
 * hypercall of P4, and is then gone (but under QEMU's TCG, whose kick is kept for the next park). The owner alone knows when it has woken,
 * and says so by P5; so the kick is repeated until the sequence has moved. A repetition that comes too late interrupts a thread that is
 * awake. Who kicks sleeps between two kicks in its kernel, not by {@code LockSupport}: it may outrank the owner on the owner's CPU, which
 * then needs that time to get from P3 to P5, and it may have been interrupted, which would make a Java sleep return at once.
 *
 * <p>The owner need not be woken for a task that is due no earlier than the park's end.
 */
final class WakeUp {
    private static final long FIRST_PAUSE_NS = 20_000;
    private static final long LONGEST_PAUSE_NS = 1_000_000;
    private static final int LOOKS = 100;
    private static final VarHandle SEQUENCE;
    private static final VarHandle UNTIL_NS;

    static {
        try {
            SEQUENCE = MethodHandles.lookup().findVarHandle(WakeUp.class, "sequence", int.class);
            UNTIL_NS = MethodHandles.lookup().findVarHandle(WakeUp.class, "untilNs", long.class);
        } catch (final ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Runnable kick;
    /** Odd: the owner parks or is about to. Written by the owner only. */
    private int sequence;
    /** When the announced park ends. Written by the owner only. */
    private long untilNs;

    WakeUp(final Runnable kick) {
        this.kick = kick;
    }

    /** P1 and P2. The owner, before it looks for the last time whether there is anything to do; {@link Long#MAX_VALUE}: no deadline. */
    void announce(final long parkUntilNs) {
        UNTIL_NS.setRelease(this, parkUntilNs); // after the even sequence of withdraw(): a reader that sees this one's sees that too
        SEQUENCE.setRelease(this, sequence + 1);
        VarHandle.fullFence(); // P2; partner: W2 in wake
    }

    /** P5. The owner, when the park is over and before it looks at what was published. */
    void withdraw() {
        SEQUENCE.setRelease(this, sequence + 1);
    }

    /** W2 to W5. Another thread, after it has published a task that is due at {@code deadlineNs}; the owner itself may call it too. */
    void wake(final long deadlineNs) {
        VarHandle.fullFence(); // W2; partner: P2 in announce
        final int seen = (int)SEQUENCE.getAcquire(this); // W3
        final long until = (long)UNTIL_NS.getAcquire(this);
        if (isParking(seen) && (until == Long.MAX_VALUE || deadlineNs - until < 0)) { // of another park than `seen`? Then that one is over
            kickUntilMoved(seen);
        }
    }

    /** The same for what cannot wait for the end of any park. */
    void wake() {
        VarHandle.fullFence(); // W2; partner: P2 in announce
        final int seen = (int)SEQUENCE.getAcquire(this); // W3
        if (isParking(seen)) {
            kickUntilMoved(seen);
        }
    }

    private static boolean isParking(final int seen) {
        return (seen & 1) != 0;
    }

    private void kickUntilMoved(final int seen) {
        for (long pauseNs = FIRST_PAUSE_NS; !hasMoved(seen); pauseNs = Math.min(2 * pauseNs, LONGEST_PAUSE_NS)) {
            kick.run(); // W4
            for (int i = 0; i < LOOKS && !hasMoved(seen); i++) {
                Thread.onSpinWait();
            }
            if (!hasMoved(seen)) {
                Native.vmrpc_sleep_ns(pauseNs);
            }
        }
    }

    private boolean hasMoved(final int seen) {
        return (int)SEQUENCE.getAcquire(this) != seen; // W5
    }
}
