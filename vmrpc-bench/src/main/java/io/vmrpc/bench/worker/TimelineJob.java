package io.vmrpc.bench.worker;

import io.vmrpc.bench.report.ResponseVariants;
import io.vmrpc.guest.RealTimeVcpu;
import io.vmrpc.guest.VmTimer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * A periodic timer that never pauses while the guest's load comes and goes: its lateness by windows of a second. An expiration belongs to the window in which it was
 * due, so a window that a stall covers has its samples all the same. The host's own load is the host's to change, at the same times.
 */
final class TimelineJob {
    private static final long WINDOW_NS = 1_000_000_000;
    private final RealTimeVcpu vcpu;
    private final GuestLoad load;

    TimelineJob(final RealTimeVcpu vcpu, final GuestLoad load) {
        this.vcpu = vcpu;
        this.load = load;
    }

    /** The job's count is the seconds of each phase. */
    List<Part> run(final Job job) throws IOException {
        final List<String> phases = ResponseVariants.PHASES;
        final List<Samples> windows = Stream.generate(Samples::new).limit((long)phases.size() * job.count()).toList();
        final List<Future<Void>> changes = new ArrayList<>();
        for (int i = 0; i < phases.size(); i++) {
            changes.add(load.setLater(i * job.count() * WINDOW_NS, ResponseVariants.isGuestLoaded(phases.get(i))));
        }
        measure(job, windows);
        for (final Future<Void> change : changes) {
            OrdinaryThread.result(change);
        }
        final List<Part> parts = new ArrayList<>();
        for (int second = 0; second < windows.size(); second++) {
            final Map<String, String> params = new HashMap<>(job.params());
            params.put(ResponseVariants.SECOND, Integer.toString(second));
            params.put(ResponseVariants.PHASE, phases.get(second / job.count()));
            parts.add(new Part(params, windows.get(second).histogram()));
        }
        return parts;
    }

    private void measure(final Job job, final List<Samples> windows) {
        final VmTimer timer = new VmTimer(TimerJob.waiting(job, vcpu));
        final long begin = System.nanoTime();
        timer.periodic(begin + job.periodNs(), job.periodNs());
        for (long due = 0; due < windows.size() * WINDOW_NS;) {
            final long expirations = timer.await();
            final long now = System.nanoTime();
            for (long i = expirations - 1; i >= 0; i--) {
                final long scheduled = timer.scheduledNs() - i * job.periodNs();
                due = scheduled - begin;
                if (due < windows.size() * WINDOW_NS) {
                    windows.get((int)(due / WINDOW_NS)).record(now - scheduled);
                }
            }
        }
    }
}
