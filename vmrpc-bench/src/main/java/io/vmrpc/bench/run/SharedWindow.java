package io.vmrpc.bench.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs programs of several VMs in the same window of time, and looks at the host's CPUs meanwhile. */
final class SharedWindow {
    private static final long LONGEST_START_SECONDS = 60;
    private static final long LONGEST_END_SECONDS = 120;
    /** The look at CPU times comes so much of the window before its end, because a program ends with it. */
    private static final double LOOK_BEFORE_END = 0.05;

    private SharedWindow() {
    }

    /**
     * What came of it.
     *
     * @param outputs of the programs, in their order
     * @param cpuPercent of one CPU that each had, in their order; NaN of one that ended before anybody looked
     * @param stealPercent of the host's CPU time that the machine below took away
     * @param othersPercent of the host's CPU time that neither they had nor idling; NaN if one of theirs is
     */
    record Outcome(List<String> outputs, double[] cpuPercent, double stealPercent, double othersPercent) {
    }

    private record Usage(long atNs, double[] cpuNs, HostCpu host) {
        static Usage of(final List<Competitor> all) throws IOException {
            return new Usage(System.nanoTime(), all.stream().mapToDouble(each -> cpuNs(each.pid())).toArray(), HostCpu.now());
        }

        private static double cpuNs(final long pid) {
            try {
                return CpuTime.ofThreads(pid);
            } catch (final IOException e) {
                return Double.NaN; // on a machine that kept this thread from looking in time
            }
        }
    }

    static Outcome run(final double seconds, final List<Competitor> all) throws IOException, InterruptedException {
        try (StartBarrier barrier = new StartBarrier(all.stream().map(Competitor::host).toList(), seconds)) {
            final List<CompletableFuture<String>> running = new ArrayList<>();
            for (int i = 0; i < all.size(); i++) {
                running.add(start(all.get(i), barrier.words(i), barrier));
            }
            final long beginNs = get(barrier.begin(), LONGEST_START_SECONDS);
            sleepUntil(beginNs);
            final Usage before = Usage.of(all);
            sleepUntil(beginNs + (long)((1 - LOOK_BEFORE_END) * barrier.lengthNs()));
            final Usage after = Usage.of(all);
            final List<String> outputs = new ArrayList<>();
            for (final CompletableFuture<String> each : running) {
                outputs.add(get(each, LONGEST_END_SECONDS));
            }
            return outcome(outputs, before, after);
        }
    }

    private static CompletableFuture<String> start(final Competitor competitor, final String join, final StartBarrier barrier) {
        final CompletableFuture<String> output = new CompletableFuture<>();
        final Thread thread = new Thread(() -> {
            try {
                output.complete(competitor.run(join));
            } catch (final IOException | RuntimeException | InterruptedException e) {
                output.completeExceptionally(e);
                barrier.fail(e);
            }
        }, "bench-competitor");
        thread.setDaemon(true);
        thread.start();
        return output;
    }

    private static <T> T get(final CompletableFuture<T> future, final long seconds) throws IOException, InterruptedException {
        try {
            return future.get(seconds, TimeUnit.SECONDS);
        } catch (final TimeoutException e) {
            throw new IOException("the programs that measure at once did not come so far within " + seconds + " s", e);
        } catch (final ExecutionException e) {
            throw e.getCause() instanceof UncheckedIOException unchecked ? unchecked.getCause()
                : new IOException(e.getCause().getMessage(), e.getCause());
        }
    }

    private static void sleepUntil(final long ns) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(ns - System.nanoTime());
    }

    private static Outcome outcome(final List<String> outputs, final Usage before, final Usage after) {
        final double windowNs = after.atNs() - before.atNs();
        final double[] percent = new double[outputs.size()];
        double sum = 0;
        for (int i = 0; i < percent.length; i++) {
            percent[i] = 100 * (after.cpuNs()[i] - before.cpuNs()[i]) / windowNs;
            sum += percent[i];
        }
        final HostCpu host = after.host().since(before.host());
        final double others = host.busyPercent() - sum / Runtime.getRuntime().availableProcessors();
        return new Outcome(outputs, percent, host.stealPercent(), Math.max(0, others)); // NaN stays
    }
}
