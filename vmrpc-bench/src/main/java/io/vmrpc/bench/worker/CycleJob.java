package io.vmrpc.bench.worker;

import io.vmrpc.bench.report.AlternativeVariants;
import io.vmrpc.bench.report.Variants;
import io.vmrpc.guest.RealTimeVcpu;
import io.vmrpc.guest.VmTimer;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.guest.Waiting;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * A control loop: waits for the period, then exchanges a datagram with the peer. By a C program, in Java conventionally, or by VM long polling. Three rows: one
 * without samples when the first cycle is about to begin, then how late cycles began, then how long exchanges took. Or no loop at all: the first row only.
 */
final class CycleJob {
    private final VmrpcGuest guest;
    private final RealTimeVcpu vcpu;
    private final Output output;

    /** Takes rows. */
    interface Output {
        void row(Map<String, String> params, Histogram histogram);
    }

    CycleJob(final VmrpcGuest guest, final RealTimeVcpu vcpu, final Output output) {
        this.guest = guest;
        this.vcpu = vcpu;
        this.output = output;
    }

    void run(final Job job) throws IOException {
        if (job.variant().equals(AlternativeVariants.GUEST_IDLE)) {
            begin(job);
            LockSupport.parkNanos(job.periodNs()); // this worker, while it asks for a job, looks for it ten thousand times a second
        } else if (job.params().get(AlternativeVariants.LANGUAGE).equals(AlternativeVariants.C)) {
            program(job);
        } else if (job.params().get(AlternativeVariants.WAIT).equals(AlternativeVariants.PARKS)) {
            try (CyclePeer peer = CyclePeer.outsourced(guest, vcpu, job.address(), job.port())) {
                java(job, vcpu, peer);
            }
        } else {
            try (CyclePeer peer = CyclePeer.own(job.address(), job.port())) {
                java(job, TimerJob::waitConventionally, peer);
            }
        }
    }

    private void program(final Job job) throws IOException {
        try (CycleProgram program = new CycleProgram(List.of(), job)) {
            begin(job);
            final CycleProgram.Result result = program.await();
            end(job, result.timer(), result.exchange(), result.lost(), result.hasBusyPoll());
        } catch (final InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    private void begin(final Job job) {
        output.row(job.params(), new Histogram(3));
    }

    private void end(final Job job, final Histogram timer, final Histogram exchange, final long lost, final boolean hasBusyPoll) {
        final Map<String, String> params = new HashMap<>(job.params());
        params.put(Variants.DROPPED, Long.toString(lost));
        if (params.get(AlternativeVariants.WAIT).equals(AlternativeVariants.POLLS)) {
            params.put(AlternativeVariants.BUSY_POLL, Boolean.toString(hasBusyPoll));
        }
        params.put(AlternativeVariants.WHAT, AlternativeVariants.TIMER);
        output.row(params, timer);
        params.put(AlternativeVariants.WHAT, AlternativeVariants.EXCHANGE);
        output.row(params, exchange);
    }

    private void java(final Job job, final Waiting waiting, final CyclePeer peer) throws IOException {
        final Samples lateness = new Samples();
        final Samples exchanges = new Samples();
        peer.reach();
        begin(job);
        final VmTimer timer = new VmTimer(waiting).periodic(System.nanoTime() + job.periodNs(), job.periodNs());
        final long warmNs = timer.nextNs() + job.warmUp() * job.periodNs();
        long number = 0;
        while (timer.nextNs() - warmNs < 0) {
            cycle(job, timer, peer, number++, lateness, exchanges);
        }
        lateness.begin();
        exchanges.begin();
        long lost = 0;
        while (lateness.histogram().getTotalCount() < job.count()) {
            lost += cycle(job, timer, peer, number++, lateness, exchanges) ? 0 : 1;
        }
        end(job, lateness.histogram(), exchanges.histogram(), lost, false);
    }

    /** A period that was missed counts too, as late as the wait that swallowed it: leaving it out would flatter. */
    private static boolean cycle(final Job job, final VmTimer timer, final CyclePeer peer, final long number, final Samples lateness,
        final Samples exchanges) throws IOException {
        final long expirations = timer.await();
        final long now = System.nanoTime();
        for (long i = expirations - 1; i >= 0; i--) {
            lateness.record(now - (timer.scheduledNs() - i * job.periodNs()));
        }
        final long sentNs = System.nanoTime();
        peer.send(number);
        final boolean came = peer.isAnswered(number, sentNs);
        exchanges.record(System.nanoTime() - sentNs);
        return came;
    }
}
