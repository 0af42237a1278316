package io.vmrpc.guest.loopback;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.vmrpc.guest.RealTimeScheduler;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nothing is allocated for a run of a periodic task, nor for the park before it. */
@Timeout(60)
class SchedulerAllocationTest {
    private static final int WARM_UP = 2_000;
    private static final int RUNS = 5_000;
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"true,1", "true,300000", "false,1", "false,300000"}) // always behind, and with a park before each run
    void runsOfPeriodicTasksAllocateNothing(final boolean isRate, final long periodNs) throws IOException, InterruptedException {
        try (Loopback loopback = new Loopback(folder, RunningAgent.Place.HERE); RealTimeScheduler scheduler = Schedulers.launch(loopback.guest)) {
            final Meter meter = new Meter();
            if (isRate) {
                scheduler.scheduleAtFixedRate(meter, 0, periodNs, TimeUnit.NANOSECONDS);
            } else {
                scheduler.scheduleWithFixedDelay(meter, 0, periodNs, TimeUnit.NANOSECONDS);
            }
            assertTrue(meter.done.await(20, TimeUnit.SECONDS));
            System.out.println("SchedulerAllocationTest: " + meter.bytes + " bytes in " + RUNS + " runs with " + scheduler.vcpu().parks() + " parks");
            assertTrue(meter.bytes < RUNS, "bytes=" + meter.bytes); // the bean itself allocates a little
        }
    }

    /** Measures its own thread, between two of its runs. */
    private static final class Meter implements Runnable {
        private final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        private final CountDownLatch done = new CountDownLatch(1);
        private int runs;
        private volatile long bytes;

        @Override
        public void run() {
            runs++;
            if (runs == WARM_UP) {
                bytes = -allocated();
            } else if (runs == WARM_UP + RUNS) {
                bytes += allocated();
                done.countDown();
            }
        }

        private long allocated() {
            return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        }
    }
}
