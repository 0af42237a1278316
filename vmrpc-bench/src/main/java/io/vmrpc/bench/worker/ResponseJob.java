package io.vmrpc.bench.worker;

import io.vmrpc.bench.report.ResponseVariants;
import io.vmrpc.bench.report.Variants;
import io.vmrpc.guest.RealTimeVcpu;
import io.vmrpc.guest.VmTimer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A handler that a timer calls: how far the time between two of its runs is from the period, and how long after its time it runs. The timer is periodic, or
 * one-shot and armed again by the handler. As in {@link TimerJob} only the way of waiting differs between ours and the guest's own.
 *
 * <p>Of a periodic timer an expiration that was missed counts in both: {@link Omission}.
 */
final class ResponseJob {
    private final RealTimeVcpu vcpu;
    private final Samples lateness = new Samples();
    private final Samples interval = new Samples();

    ResponseJob(final RealTimeVcpu vcpu) {
        this.vcpu = vcpu;
    }

    List<Part> run(final Job job) {
        final VmTimer timer = new VmTimer(TimerJob.waiting(job, vcpu));
        final boolean isPeriodic = isPeriodic(job);
        measure(timer, job, isPeriodic, job.warmUp());
        lateness.begin();
        interval.begin();
        measure(timer, job, isPeriodic, job.count());
        return List.of(new Part(params(job, ResponseVariants.LATENESS), lateness.histogram()),
            new Part(params(job, ResponseVariants.INTERVAL), isPeriodic ? Omission.corrected(interval.histogram(), job.periodNs()) : interval.histogram()));
    }

    private Map<String, String> params(final Job job, final String quantity) {
        final Map<String, String> params = new HashMap<>(lateness.params(job));
        params.put(ResponseVariants.QUANTITY, quantity);
        return params;
    }

    static boolean isPeriodic(final Job job) {
        return job.variant().equals(Variants.LONGPOLL_PERIODIC) || job.variant().equals(Variants.GUEST_PERIODIC);
    }

    /** The first handler begins the first interval. */
    private void measure(final VmTimer timer, final Job job, final boolean isPeriodic, final int count) {
        if (isPeriodic) {
            timer.periodic(System.nanoTime() + job.periodNs(), job.periodNs());
        } else {
            timer.once(System.nanoTime() + job.periodNs());
        }
        timer.await();
        long before = System.nanoTime();
        for (int handled = 0; handled < count;) {
            if (!isPeriodic) {
                timer.once(before + job.periodNs());
            }
            final long expirations = timer.await();
            final long now = System.nanoTime();
            interval.record(Math.abs(now - before - job.periodNs()));
            before = now;
            for (long i = expirations - 1; i >= 0 && handled < count; i--, handled++) {
                lateness.record(now - (timer.scheduledNs() - i * job.periodNs()));
            }
        }
    }
}
