package io.vmrpc.guest.file;

import io.vmrpc.guest.Waiting;
import io.vmrpc.park.Parker;
import java.util.concurrent.TimeUnit;

/** Looks for as long as an answer from the page cache takes, then sleeps between looks. */
final class SpinThenSleep implements Waiting {
    private static final long SPIN_NS = TimeUnit.MICROSECONDS.toNanos(50);
    private static final int LOOKS = 32;
    private final Waiting sleeping = Waiting.sleeping();

    @Override
    public boolean await(final Parker.Pending pending, final long deadlineNs, final boolean ring) {
        final long until = System.nanoTime() + SPIN_NS;
        do {
            for (int i = 0; i < LOOKS; i++) { // no PAUSE: see Waiting.spinning
                if (!pending.isEmpty()) {
                    return false;
                }
            }
        } while (System.nanoTime() - until < 0);
        return sleeping.await(pending, deadlineNs, ring);
    }

    @Override
    public void pause(final Parker.Pending pending) {
        sleeping.pause(pending);
    }
}
