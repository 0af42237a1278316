package io.vmrpc.bench.worker;

import io.vmrpc.bench.report.ResponseVariants;
import io.vmrpc.bench.report.Variants;
import io.vmrpc.guest.RealTimeVcpu;
import io.vmrpc.guest.VmrpcGuest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * Packets that a peer acknowledges, on several sockets at once: whenever one was answered, the next goes out on that socket, so there is always one under way on
 * each. By the guest's own sockets, each with a thread that blocks or all with one thread; or by sockets of the host, all waited for in one park.
 */
final class ResponseNetJob {
    private final VmrpcGuest guest;
    private final RealTimeVcpu vcpu;

    ResponseNetJob(final VmrpcGuest guest, final RealTimeVcpu vcpu) {
        this.guest = guest;
        this.vcpu = vcpu;
    }

    Part run(final Job job) throws IOException {
        final int sockets = Integer.parseInt(job.params().get(Variants.SOCKETS));
        final InetSocketAddress peer = new InetSocketAddress(job.address(), job.port());
        if (job.variant().equals(ResponseVariants.OWN_THREADS)) {
            return new Part(job.params(), new BlockingThreads(peer, sockets, job).run());
        }
        final Samples samples = new Samples();
        try (NetJob.Exchange exchange = job.variant().equals(ResponseVariants.OUTSOURCED)
            ? new OutsourcedExchange(guest, vcpu, peer, sockets, false, job.payload(), samples)
            : new OwnExchange(peer, sockets, false, job.payload(), samples)) {
            exchangeAlways(exchange, sockets, job, samples);
        }
        return new Part(samples.params(job), samples.histogram());
    }

    private static void exchangeAlways(final NetJob.Exchange exchange, final int sockets, final Job job, final Samples samples) throws IOException {
        final ByteBuffer request = ByteBuffer.allocateDirect(job.payload());
        final long warmUntil = System.nanoTime() + job.periodNs();
        boolean isWarm = false;
        while (!isWarm || samples.histogram().getTotalCount() < job.count()) {
            for (int i = 0; i < sockets; i++) {
                if (exchange.isAnswered(i)) {
                    exchange.send(i, request.clear());
                }
            }
            exchange.awaitAnswers(1);
            if (!isWarm && System.nanoTime() - warmUntil >= 0) {
                isWarm = true;
                samples.begin();
            }
        }
    }
}
