package io.vmrpc.system.guest;

import io.vmrpc.guest.Channel;
import io.vmrpc.guest.SharedVcpu;
import io.vmrpc.guest.VmTimer;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.layout.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.UnsafeBuffer;

/** {@code shared THREADS COUNT}: threads of one shared vCPU, each with calls and a timer of its own. */
final class Shared implements Task {
    private static final long PERIOD_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private final AtomicLong early = new AtomicLong();
    private final AtomicLong wrong = new AtomicLong();

    @Override
    public String run(VmrpcGuest guest, String[] words) throws Exception {
        int threads = Integer.parseInt(words[1]);
        int count = Integer.parseInt(words[2]);
        int echo = Protocol.operation(guest.resolve("echo"), 0);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                byte mark = (byte) (i + 1);
                all.add(executor.submit(() -> work(guest, echo, count, mark)));
            }
            for (Future<?> each : all) {
                each.get();
            }
        } finally {
            executor.shutdownNow();
        }
        return "calls=" + threads * count + " wrong=" + wrong + " early=" + early;
    }

    private void work(VmrpcGuest guest, int echo, int count, byte mark) {
        SharedVcpu vcpu = guest.share();
        VmTimer timer = new VmTimer(vcpu).periodic(System.nanoTime() + PERIOD_NS, PERIOD_NS);
        UnsafeBuffer request = new UnsafeBuffer(new byte[64]);
        UnsafeBuffer reply = new UnsafeBuffer(new byte[64]);
        try (Channel channel = guest.openChannel(vcpu)) {
            for (int i = 0; i < count; i++) {
                request.setMemory(0, request.capacity(), (byte) (mark * 31 + i));
                int length = channel.call(echo, request, 0, request.capacity(), reply);
                wrong.addAndGet(length == request.capacity() && request.equals(reply) ? 0 : 1);
                timer.await();
                early.addAndGet(System.nanoTime() - timer.scheduledNs() < 0 ? 1 : 0);
            }
        }
    }
}
