package io.vmrpc.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.park.Parker;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A vCPU on which a kick that comes between the last look and the hypercall is gone, as under KVM: no submission may be missed. */
@Timeout(60)
class LossyKickTest {
    private static final int THREADS = 3;
    private static final int TASKS = 400;
    private static final long PATIENCE_S = 10;
    private final LossyVcpu vcpu = new LossyVcpu();
    private final TaskLoop loop = new TaskLoop(vcpu, vcpu::kick);
    private final AtomicInteger numbers = new AtomicInteger();
    private volatile Throwable failure;

    /** Parks in a monitor and remembers no kick. */
    private static final class LossyVcpu implements Waiting {
        private final AtomicInteger lost = new AtomicInteger();
        private boolean isParked; // guarded by this

        @Override
        public boolean await(final Parker.Pending pending, final long deadlineNs, final boolean ring) {
            if (!pending.isEmpty()) {
                return false;
            }
            for (int i = ThreadLocalRandom.current().nextInt(2000); i > 0; i--) {
                Thread.onSpinWait(); // the way to the hypercall
            }
            synchronized (this) {
                isParked = true;
                try {
                    wait(TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime()));
                } catch (final InterruptedException e) {
                    Thread.currentThread().interrupt(); // shutdownNow's, which a park does not feel
                }
                isParked = false;
            }
            return false;
        }

        private synchronized void kick() {
            if (!isParked) {
                lost.incrementAndGet();
            }
            notifyAll();
        }
    }

    private ScheduledTask<Integer> submit(final long delayNs) {
        final int number = numbers.incrementAndGet();
        final ScheduledTask<Integer> task = new ScheduledTask<>(loop, () -> number, number, ScheduledTask.deadlineAfter(delayNs), 0);
        assertTrue(loop.submit(task));
        return task;
    }

    @Test
    void everySubmissionIsSeen() throws InterruptedException {
        final Thread owner = new Thread(loop, "owner");
        owner.start();
        submit(TimeUnit.HOURS.toNanos(1));
        final CountDownLatch done = new CountDownLatch(THREADS);
        for (int i = 0; i < THREADS; i++) {
            Executors.defaultThreadFactory().newThread(() -> submitAndCount(done)).start();
        }
        assertTrue(done.await(50, TimeUnit.SECONDS), "a submitter is stuck");
        assertEquals(null, failure);
        System.out.println("LossyKickTest: kicks that found no park " + vcpu.lost);
        assertTrue(vcpu.lost.get() > 0, "nothing was tried");
        assertEquals(1, loop.shutdownNow(owner).size(), "the task of the next hour");
        owner.join(TimeUnit.SECONDS.toMillis(PATIENCE_S));
        assertTrue(!owner.isAlive());
    }

    private void submitAndCount(final CountDownLatch done) {
        try {
            for (int i = 0; i < TASKS; i++) {
                submit(0).get(PATIENCE_S, TimeUnit.SECONDS);
            }
        } catch (final InterruptedException | ExecutionException | TimeoutException | RuntimeException e) {
            failure = e;
        } finally {
            done.countDown();
        }
    }
}
