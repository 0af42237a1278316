package io.vmrpc.bench.worker;

import io.vmrpc.bench.report.Variants;
import io.vmrpc.guest.RealTimeVcpu;
import io.vmrpc.guest.VmTimer;
import io.vmrpc.guest.Waiting;
import java.util.concurrent.locks.LockSupport;

/**
 * Lateness of a timer: the application's clock after the wait returned, minus the time the timer was due. Conventional and long-poll timers
 * run the same code on the same thread (same CPU, same priority); only the way of waiting differs.
 */
final class TimerJob {
    private final RealTimeVcpu vcpu;

    TimerJob(final RealTimeVcpu vcpu) {
        this.vcpu = vcpu;
    }

    Samples run(final Job job) {
        final Waiting waiting = waiting(job, vcpu);
        final Samples samples = new Samples();
        warmUp(waiting, samples);
        measure(waiting, job, samples, job.warmUp());
        samples.begin();
        measure(waiting, job, samples, job.count());
        return samples;
    }

    /** By long polling or by the guest's own timer, as the variant says. */
    static Waiting waiting(final Job job, final RealTimeVcpu vcpu) {
        return job.variant().startsWith("longpoll") ? vcpu : TimerJob::waitConventionally;
    }

    static boolean waitConventionally(final io.vmrpc.park.Parker.Pending pending, final long deadlineNs, final boolean ring) {
        LockSupport.parkNanos(deadlineNs - System.nanoTime());
        return false;
    }

    /** Short sleeps until the compiler has seen the path often enough; the same for either way of waiting. */
    private static void warmUp(final Waiting waiting, final Samples samples) {
        final VmTimer timer = new VmTimer(waiting);
        for (int i = 0; i < 3_000; i++) {
            timer.once(System.nanoTime() + 50_000).await();
            samples.record(System.nanoTime() - timer.scheduledNs());
        }
    }

    private static void measure(final Waiting waiting, final Job job, final Samples samples, final int count) {
        final VmTimer timer = new VmTimer(waiting);
        if (Variants.LONGPOLL_ONESHOT.equals(job.variant()) || Variants.GUEST_ONESHOT.equals(job.variant())) {
            for (int i = 0; i < count; i++) {
                timer.once(System.nanoTime() + job.periodNs()).await();
                samples.record(System.nanoTime() - timer.scheduledNs());
            }
        } else {
            measurePeriodic(timer, job, samples, count);
        }
    }

    /** An expiration that was missed is a sample too, as late as the wait that swallowed it: leaving it out would flatter. */
    private static void measurePeriodic(final VmTimer timer, final Job job, final Samples samples, final int count) {
        timer.periodic(System.nanoTime() + job.periodNs(), job.periodNs());
        int recorded = 0;
        while (recorded < count) {
            final long expirations = timer.await();
            final long now = System.nanoTime();
            for (long i = expirations - 1; i >= 0 && recorded < count; i--, recorded++) {
                samples.record(now - (timer.scheduledNs() - i * job.periodNs()));
            }
        }
    }
}
