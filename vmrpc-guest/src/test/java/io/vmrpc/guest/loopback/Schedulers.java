package io.vmrpc.guest.loopback;

import io.vmrpc.guest.RealTimeScheduler;
import io.vmrpc.guest.SchedulerContext;
import io.vmrpc.guest.VcpuContext;
import io.vmrpc.guest.VmrpcGuest;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;

/** What tests of the scheduler share. */
final class Schedulers {
    private Schedulers() {
    }

    /** A scheduler that needs no privilege. Its thread is a daemon, so that a stuck one fails its test only. */
    static RealTimeScheduler launch(final VmrpcGuest guest) {
        return RealTimeScheduler.launch(guest, new SchedulerContext().vcpu(new VcpuContext().priority(0).lockMemory(false)).threadFactory(task -> {
            final Thread thread = new Thread(task, "scheduler");
            thread.setDaemon(true);
            return thread;
        }));
    }

    /** Keeps an executor's only thread busy until the latch is released, or it is interrupted. Returns when it is. */
    static CountDownLatch block(final ExecutorService executor) throws InterruptedException {
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch release = new CountDownLatch(1);
        executor.execute(() -> {
            begun.countDown();
            try {
                release.await();
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        begun.await();
        return release;
    }
}
