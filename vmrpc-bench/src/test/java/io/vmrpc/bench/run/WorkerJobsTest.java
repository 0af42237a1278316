package io.vmrpc.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.bench.report.ResponseVariants;
import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Variants;
import io.vmrpc.bench.worker.Job;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real worker without a VM, which is killed once. No figure is asserted. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkerJobsTest {
    private static final String PERIODIC = Variants.LONGPOLL_PERIODIC;

    /** One that is started again when it dies, as in a guest. */
    private static final class MortalSide extends ProcessSide {
        private final Path region;
        private final AtomicInteger rowsSeen = new AtomicInteger();
        private volatile Process process;

        MortalSide(final Path region) throws IOException {
            this.region = region;
            start();
        }

        private void start() throws IOException {
            process = new ProcessBuilder(WorkerCommand.of(List.of("-Dvmrpc.bench.priority=0"), region.toString())).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            final Process mine = process;
            final RowReader reader = new RowReader(rows(), System.err);
            final Thread pump = new Thread(() -> mine.inputReader().lines().forEach(line -> {
                rowsSeen.incrementAndGet();
                (line + "\n").chars().forEach(reader::write);
            }));
            pump.setDaemon(true);
            pump.start();
        }

        void dieAndStartAgain() throws IOException {
            process.destroyForcibly().onExit().join();
            start();
        }

        @Override
        Process process() {
            return process;
        }
    }

    private static Job handler(final String variant, final int count) {
        return new Job(ResponseVariants.TIMER, variant, count, 5, 1_000_000, 0, "", 0, Map.of(Variants.PERIOD, "1ms"));
    }

    @Test
    void aWorkerThatCrashedIsWarmedUpBeforeTheRowIsRepeated() throws Exception {
        final List<String> circumstances = new ArrayList<>();
        try (Agents agents = new Agents(true)) {
            agents.blocking();
            try (MortalSide side = new MortalSide(agents.region())) {
                final WorkerJobs jobs = new WorkerJobs(agents, side, new Progress(System.err, 10), new WorkerJobs.Circumstances() {
                    @Override
                    public void calm() {
                        circumstances.add("calm");
                    }

                    @Override
                    public void restore() {
                        circumstances.add("restore after " + side.rowsSeen.get());
                    }
                });
                jobs.learn(handler(PERIODIC, 20), 2);
                jobs.learn(handler(Variants.GUEST_PERIODIC, 20), 2);
                final List<Row> rows = jobs.run(handler(PERIODIC, 1_500), 2, () -> {
                    if (circumstances.isEmpty()) {
                        Thread.sleep(300);
                        side.dieAndStartAgain();
                    }
                });
                assertEquals(List.of("calm", "restore after 6"), circumstances, "two rows each of both that were learned, and of the one whose turn it is again");
                assertEquals(List.of("lateness", "interval"), rows.stream().map(row -> row.param("quantity")).toList());
                assertTrue(rows.get(0).figures().count() >= 1_500, () -> "each expiration counts, those that a stall swallowed as well: " + rows.get(0));
                assertTrue(rows.get(1).figures().count() >= 1_400, () -> "an interval that swallows a handler is one sample: " + rows.get(1));
                timeLine(jobs);
                jobs.quit();
            }
        }
    }

    private static void timeLine(final WorkerJobs jobs) throws IOException, InterruptedException {
        final List<Row> rows = jobs.run(new Job(ResponseVariants.TIMELINE, PERIODIC, 1, 0, 10_000_000, 0, "", 0, Map.of()), 4, () -> { });
        assertEquals(List.of("0", "1", "2", "3"), rows.stream().map(row -> row.param("second")).toList());
        assertEquals(List.of("none", "guest", "both", "none"), rows.stream().map(row -> row.param("phase")).toList());
        assertEquals(List.of(99L, 100L, 100L, 100L), rows.stream().map(row -> row.figures().count()).toList(), "each expiration is a sample of the second in which it was due");
    }
}
