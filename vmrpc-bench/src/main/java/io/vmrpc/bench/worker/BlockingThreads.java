package io.vmrpc.bench.worker;

import io.vmrpc.error.ConnectException;
import io.vmrpc.natives.CpuSet;
import io.vmrpc.natives.Errno;
import io.vmrpc.natives.Native;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.agrona.CloseHelper;

/**
 * Threads that each send a packet and block in the kernel until it is acknowledged, as the processes of the published test do; all with CPU and priority of the
 * worker's own, which waits meanwhile. Each goes on, unrecorded, until every one has its samples, so that there are always as many.
 */
final class BlockingThreads {
    private static final int PRIORITY = Integer.getInteger("vmrpc.bench.priority", 80);
    private static final long HIGHEST_NS = 3_600_000_000_000L;
    private static final long PATIENCE_SECONDS = 120;
    private final InetSocketAddress peer;
    private final Job job;
    private final long samplesEach;
    private final CountDownLatch missing;
    private final List<DatagramChannel> channels = new ArrayList<>();
    private final List<Histogram> samples = new ArrayList<>();
    private volatile boolean isOver;
    private volatile Throwable failure;

    BlockingThreads(final InetSocketAddress peer, final int threads, final Job job) throws IOException {
        this.peer = peer;
        this.job = job;
        samplesEach = job.count() / threads;
        missing = new CountDownLatch(threads);
        for (int i = 0; i < threads; i++) {
            channels.add(DatagramChannel.open().connect(peer));
            samples.add(new Histogram(HIGHEST_NS, 3));
        }
    }

    Histogram run() throws IOException {
        final CpuSet cpu = CpuSet.ofThread(0);
        final List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < channels.size(); i++) {
            final int number = i;
            threads.add(new Thread(() -> guarded(number, cpu), "exchange-" + i));
        }
        threads.forEach(Thread::start);
        try {
            final boolean isComplete = missing.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            isOver = true;
            for (final Thread each : threads) {
                each.join(isComplete ? TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS) : 1);
            }
            if (!isComplete || failure != null) {
                throw new IOException("exchanges with " + peer + " ended early: " + (failure == null ? "a packet was lost" : failure), failure);
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            CloseHelper.quietCloseAll(channels);
        }
        final Histogram all = new Histogram(HIGHEST_NS, 3);
        samples.forEach(all::add);
        return all;
    }

    private void guarded(final int number, final CpuSet cpu) {
        try {
            become(cpu);
            exchange(channels.get(number), samples.get(number));
        } catch (final IOException | RuntimeException e) {
            failure = e;
            missing.countDown();
        }
    }

    private static void become(final CpuSet cpu) {
        final int pinned = cpu.applyTo(0);
        final int scheduled = Native.vmrpc_set_scheduler(0, Native.SCHED_FIFO, PRIORITY);
        if (pinned < 0 || scheduled < 0) {
            throw new ConnectException("a thread of an exchange cannot be real-time: " + Errno.text(-Math.min(pinned, scheduled)));
        }
    }

    private void exchange(final DatagramChannel channel, final Histogram its) throws IOException {
        final ByteBuffer packet = ByteBuffer.allocateDirect(job.payload());
        final long warmUntil = System.nanoTime() + job.periodNs();
        while (!isOver) {
            final long before = System.nanoTime();
            channel.write(packet.clear());
            channel.read(packet.clear());
            final long now = System.nanoTime();
            if (before - warmUntil >= 0 && its.getTotalCount() < samplesEach) {
                its.recordValue(now - before);
                if (its.getTotalCount() == samplesEach) {
                    missing.countDown();
                }
            }
        }
    }
}
