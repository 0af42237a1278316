package io.vmrpc.bench.worker;

import io.vmrpc.bench.report.Variants;
import io.vmrpc.guest.RealTimeVcpu;
import io.vmrpc.guest.VmrpcGuest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ByteChannel;

/**
 * Exchanges with a peer on the network: datagrams or requests answered, on one socket or on several at once; or a stream in one direction. By sockets of the host
 * or by the guest's own.
 */
final class NetJob {
    private static final int CHUNK = 65_536;
    private final VmrpcGuest guest;
    private final RealTimeVcpu vcpu;

    NetJob(final VmrpcGuest guest, final RealTimeVcpu vcpu) {
        this.guest = guest;
        this.vcpu = vcpu;
    }

    /** Sockets that are all connected to the peer, of one kind. */
    interface Exchange extends AutoCloseable {
        /** Sends the request on one of them. */
        void send(int socket, ByteBuffer request) throws IOException;

        /** Whether there is no request under way on one of them. */
        boolean isAnswered(int socket);

        /** Waits for answers; each counts its socket once, and how long it took since `send`. */
        void awaitAnswers(int count) throws IOException;

        @Override
        void close() throws IOException;
    }

    /** A stream to the peer's sink. */
    abstract static class Stream implements AutoCloseable {
        abstract ByteChannel channel();

        abstract void shutdownOutput() throws IOException;

        /** Sends a chunk again and again, ends the stream and waits until the peer says that it got all. */
        final void send(final ByteBuffer chunk, final long bytes) throws IOException {
            for (long sent = 0; sent < bytes; sent += chunk.capacity()) {
                chunk.clear();
                while (chunk.hasRemaining()) {
                    channel().write(chunk);
                }
            }
            shutdownOutput();
            final ByteBuffer count = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            while (count.hasRemaining() && channel().read(count) >= 0) {
                continue;
            }
            check(count.flip().getLong(), bytes);
        }

        static void check(final long got, final long sent) throws IOException {
            if (got != sent) {
                throw new IOException("the peer got " + got + " of " + sent + " bytes");
            }
        }

        @Override
        public abstract void close() throws IOException;
    }

    Samples run(final Job job) throws IOException {
        final boolean isOurs = job.variant().startsWith(Variants.VMRPC_PREFIX);
        if (job.variant().endsWith(Variants.CPU_SUFFIX)) {
            return one(job, isOurs);
        }
        return job.variant().endsWith(Variants.BULK_SUFFIX) ? bulk(job, isOurs) : exchanges(job, isOurs);
    }

    private Samples exchanges(final Job job, final boolean isOurs) throws IOException {
        final int sockets = Integer.parseInt(job.params().get(Variants.SOCKETS));
        final boolean isTcp = job.variant().endsWith(Variants.RR_SUFFIX);
        final InetSocketAddress peer = new InetSocketAddress(job.address(), job.port());
        final Samples samples = new Samples();
        final ByteBuffer request = ByteBuffer.allocateDirect(job.payload());
        try (Exchange exchange = isOurs ? new OutsourcedExchange(guest, vcpu, peer, sockets, isTcp, job.payload(), samples)
            : new OwnExchange(peer, sockets, isTcp, job.payload(), samples)) {
            final long warmUntil = System.nanoTime() + job.periodNs();
            for (int i = 0; i < job.warmUp() || System.nanoTime() - warmUntil < 0; i++) {
                round(exchange, sockets, request);
            }
            samples.begin();
            for (int i = 0; i < job.count(); i += sockets) {
                round(exchange, sockets, request);
            }
        }
        return samples;
    }

    /** One request on each socket, then all answers. */
    private static void round(final Exchange exchange, final int sockets, final ByteBuffer request) throws IOException {
        for (int i = 0; i < sockets; i++) {
            request.clear();
            exchange.send(i, request);
        }
        exchange.awaitAnswers(sockets);
    }

    /** A sample is the bytes per second of one connection, from its begin to the peer's word that it got all. */
    private Samples bulk(final Job job, final boolean isOurs) throws IOException {
        final InetSocketAddress sink = new InetSocketAddress(job.address(), job.port() + 1);
        final Samples samples = new Samples();
        final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
        for (int i = -job.warmUp(); i < job.count(); i++) {
            if (i == 0) {
                samples.begin();
            }
            final long before = System.nanoTime();
            try (Stream stream = isOurs ? new OutsourcedStream(guest, vcpu, sink) : new OwnStream(sink)) {
                stream.send(chunk, Job.STREAM_BYTES);
                samples.record((long)(Job.STREAM_BYTES * 1e9 / (System.nanoTime() - before)));
            }
        }
        return samples;
    }

    /** One long connection; what it costs is measured from outside. */
    private Samples one(final Job job, final boolean isOurs) throws IOException {
        final InetSocketAddress sink = new InetSocketAddress(job.address(), job.port() + 1);
        final Samples samples = new Samples();
        final long total = job.count() * Job.STREAM_BYTES;
        final long before = System.nanoTime();
        samples.begin();
        if (isOurs) {
            try (Stream stream = new OutsourcedStream(guest, vcpu, sink)) {
                stream.send(ByteBuffer.allocateDirect(job.payload()), total);
            }
        } else {
            NettyStream.send(sink, job.payload(), total, job.params().get(Variants.PLACE).equals(Variants.WITH_PEER));
        }
        samples.record((long)(total * 1e9 / (System.nanoTime() - before)));
        return samples;
    }
}
