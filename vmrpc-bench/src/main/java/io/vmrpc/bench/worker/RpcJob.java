package io.vmrpc.bench.worker;

import io.vmrpc.bench.report.Variants;
import io.vmrpc.error.Status;
import io.vmrpc.error.VmrpcException;
import io.vmrpc.guest.Channel;
import io.vmrpc.guest.CompletionListener;
import io.vmrpc.guest.RealTimeVcpu;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.guest.Waiting;
import io.vmrpc.layout.Protocol;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Round trips: by a channel, parked or spinning, one at a time or pipelined; and by TCP. */
final class RpcJob {
    /** Not a row of the standard set: time per request when the ring is kept full. */
    static final String PIPELINED = "vmrpc-pipelined";
    private static final int PING = Protocol.operation(Protocol.SERVICE_SESSION, Protocol.METHOD_PING);
    private final VmrpcGuest guest;
    private final RealTimeVcpu vcpu;

    RpcJob(final VmrpcGuest guest, final RealTimeVcpu vcpu) {
        this.guest = guest;
        this.vcpu = vcpu;
    }

    Samples run(final Job job) throws IOException {
        if (Variants.VIRTIO_NET_TCP.equals(job.variant())) {
            return tcp(job);
        }
        final boolean isParked = Variants.VMRPC_PARKED.equals(job.variant());
        try (Channel channel = guest.openChannel(isParked ? vcpu : Waiting.spinning())) {
            return PIPELINED.equals(job.variant()) ? pipelined(channel, job) : calls(channel, job);
        }
    }

    private interface RoundTrip {
        void run() throws IOException;
    }

    /** Warms up by time and number: under TCG the compilers need seconds until the code is what it will stay. */
    private static void measure(final Job job, final Samples samples, final RoundTrip trip) throws IOException {
        final long warmUntil = System.nanoTime() + job.periodNs();
        for (int i = 0; i < job.warmUp() || System.nanoTime() - warmUntil < 0; i++) {
            trip.run();
        }
        samples.begin();
        for (int i = 0; i < job.count(); i++) {
            final long before = System.nanoTime();
            trip.run();
            samples.record(System.nanoTime() - before);
        }
    }

    private static Samples calls(final Channel channel, final Job job) throws IOException {
        final Samples samples = new Samples();
        final UnsafeBuffer request = new UnsafeBuffer(BufferUtil.allocateDirectAligned(Math.max(64, job.payload()), 64));
        final UnsafeBuffer reply = new UnsafeBuffer(BufferUtil.allocateDirectAligned(Math.max(64, job.payload()), 64));
        measure(job, samples, () -> channel.call(PING, request, 0, job.payload(), reply));
        return samples;
    }

    private static final class Counter implements CompletionListener {
        private long completions;

        @Override
        public void onCompletion(final long correlation, final Status status, final int detail, final boolean more, final long lost,
            final DirectBuffer payload, final int offset, final int length) {
            completions++;
        }

        @Override
        public void onFailure(final long correlation, final VmrpcException failure) {
            throw failure;
        }
    }

    /** Keeps the ring full; a sample is the mean over 1024 requests, so that the clock costs nothing. */
    private static Samples pipelined(final Channel channel, final Job job) {
        final Samples samples = new Samples();
        final Counter counter = new Counter();
        final UnsafeBuffer request = new UnsafeBuffer(new byte[Math.max(64, job.payload())]);
        long batchStart = System.nanoTime();
        long batchEnd = 1024;
        final long total = 1024L * (job.warmUp() + job.count());
        for (long i = 0; counter.completions < total; ) {
            while (i < total && channel.submit(PING, 0, Long.MAX_VALUE, request, 0, job.payload(), counter) != Channel.FULL) {
                i++;
            }
            channel.poll();
            if (counter.completions >= batchEnd) {
                final long now = System.nanoTime();
                if (batchEnd / 1024 == job.warmUp()) {
                    samples.begin();
                }
                samples.record((now - batchStart) * 1024 / (counter.completions - batchEnd + 1024) / 1024);
                batchStart = now;
                batchEnd = counter.completions + 1024;
            }
        }
        return samples;
    }

    private static Samples tcp(final Job job) throws IOException {
        final Samples samples = new Samples();
        final ByteBuffer buffer = ByteBuffer.allocateDirect(Math.max(1, job.payload()));
        try (SocketChannel socket = SocketChannel.open(new InetSocketAddress(job.address(), job.port()))) {
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            measure(job, samples, () -> exchange(socket, buffer));
        }
        return samples;
    }

    private static void exchange(final SocketChannel socket, final ByteBuffer buffer) throws IOException {
        buffer.clear();
        while (buffer.hasRemaining()) {
            socket.write(buffer);
        }
        buffer.clear();
        while (buffer.hasRemaining()) {
            if (socket.read(buffer) < 0) {
                throw new EOFException("the echo server closed the connection");
            }
        }
    }
}
