package io.vmrpc.system.guest;

import io.vmrpc.guest.RealTimeScheduler;
import io.vmrpc.guest.SchedulerContext;
import io.vmrpc.guest.VmrpcGuest;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * {@code scheduler periodic COUNT PERIOD_US}: a fixed rate, whose runs must be on the schedule of the first and never early.
 * {@code scheduler submit COUNT PAUSE_US}: tasks from this thread, on the ordinary CPU, while the owner's park has an hour to go and no
 * breath ends it; times in us.
 */
final class Scheduler implements Task {
    private static final long PATIENCE_S = 50; // below the 60 s that bound a park, above what the test allows

    @Override
    public String run(VmrpcGuest guest, String[] words) throws Exception {
        int count = Integer.parseInt(words[2]);
        long us = Long.parseLong(words[3]);
        RealTimeScheduler scheduler = RealTimeScheduler.launch(guest, new SchedulerContext().vcpu(Task.breathless()));
        try {
            return words[1].equals("periodic") ? periodic(scheduler, count, TimeUnit.MICROSECONDS.toNanos(us)) : submit(scheduler, count, us);
        } finally {
            scheduler.shutdownNow();
            if (!scheduler.awaitTermination(PATIENCE_S, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the scheduler does not end");
            }
        }
    }

    private static String periodic(RealTimeScheduler scheduler, int count, long period) throws Exception {
        Rate rate = new Rate(scheduler, count, period);
        rate.earliest = System.nanoTime() + period;
        rate.future = scheduler.scheduleAtFixedRate(rate, period, period, TimeUnit.NANOSECONDS);
        rate.latest = System.nanoTime() + period;
        rate.isKnown.countDown();
        if (!rate.done.await(PATIENCE_S, TimeUnit.SECONDS)) {
            throw new TimeoutException("only " + rate.runs + " runs");
        }
        return "early=" + rate.early + " offSchedule=" + rate.offSchedule + " worst=" + rate.worst + " parks=" + scheduler.vcpu().parks();
    }

    /** Compares each run's deadline with the first one's, which was somewhere between two looks at the clock. Every tenth run is too slow. */
    private static final class Rate implements Runnable {
        final CountDownLatch isKnown = new CountDownLatch(1);
        final CountDownLatch done = new CountDownLatch(1);
        private final RealTimeScheduler scheduler;
        private final int count;
        private final long period;
        private long earliest;
        private long latest;
        private ScheduledFuture<?> future;
        private volatile int runs;
        private long early;
        private long offSchedule;
        private long worst;

        Rate(RealTimeScheduler scheduler, int count, long period) {
            this.scheduler = scheduler;
            this.count = count;
            this.period = period;
        }

        @Override
        public void run() {
            try {
                isKnown.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            long before = System.nanoTime();
            long delay = future.getDelay(TimeUnit.NANOSECONDS); // until this run's deadline, so not above 0
            long after = System.nanoTime();
            early += delay > 0 ? 1 : 0;
            worst = Math.max(worst, -delay);
            if (after + delay - (earliest + runs * period) < 0 || before + delay - (latest + runs * period) > 0) {
                offSchedule++;
            }
            runs++;
            if (runs == count) {
                done.countDown();
                throw new IllegalStateException("enough");
            } else if (runs % 10 == 0) {
                scheduler.vcpu().sleep(period * 3 / 2);
            }
        }
    }

    private static String submit(RealTimeScheduler scheduler, int count, long pauseUs) throws Exception {
        ScheduledFuture<?> hour = scheduler.schedule(() -> {}, 1, TimeUnit.HOURS);
        long slowest = 0;
        long sum = 0;
        for (int i = 0; i < count; i++) {
            TimeUnit.MICROSECONDS.sleep(pauseUs);
            long submitted = System.nanoTime();
            long began = scheduler.submit(System::nanoTime).get(PATIENCE_S, TimeUnit.SECONDS);
            slowest = Math.max(slowest, began - submitted);
            sum += began - submitted;
        }
        return "slowest=" + slowest / 1000 + " mean=" + sum / count / 1000 + " parks=" + scheduler.vcpu().parks() + " left="
                + (hour.getDelay(TimeUnit.MINUTES) > 50 && scheduler.shutdownNow().contains(hour) ? 1 : 0);
    }
}
