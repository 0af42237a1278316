package io.vmrpc.bench.worker;

import io.vmrpc.bench.report.Variants;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Records nanoseconds, and how many bytes the recording thread allocated meanwhile. */
final class Samples {
    private static final long HIGHEST_NS = 3_600_000_000_000L;
    private static final com.sun.management.ThreadMXBean THREADS =
        (com.sun.management.ThreadMXBean)ManagementFactory.getThreadMXBean();
    private final Histogram histogram = new Histogram(HIGHEST_NS, 3);
    private final long thread = Thread.currentThread().getId();
    private long allocatedBefore;

    /** Forgets what the warm-up recorded. */
    void begin() {
        histogram.reset();
        allocatedBefore = THREADS.getThreadAllocatedBytes(thread);
    }

    void record(final long ns) {
        histogram.recordValue(Math.min(HIGHEST_NS, Math.max(0, ns)));
    }

    Histogram histogram() {
        return histogram;
    }

    /** The job's own parameters and bytes allocated per sample; the question itself allocates a few, once. */
    Map<String, String> params(final Job job) {
        final long allocated = THREADS.getThreadAllocatedBytes(thread) - allocatedBefore;
        final Map<String, String> params = new HashMap<>(job.params());
        params.put(Variants.ALLOCATED, Long.toString(allocated / Math.max(1, histogram.getTotalCount())));
        return params;
    }
}
