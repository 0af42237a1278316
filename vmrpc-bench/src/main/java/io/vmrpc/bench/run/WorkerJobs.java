package io.vmrpc.bench.run;

import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.worker.Job;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Gives jobs to a worker and waits for their rows. A worker that crashed meanwhile, and was started again, does what warmed up its predecessor before it gets the
 * job again: its compilers have seen nothing yet.
 */
final class WorkerJobs {
    private static final long ROW_ON_ITS_WAY_SECONDS = 5;
    private static final long JOB_TIMEOUT_SECONDS = 900;
    private static final long ASKING_SECONDS = 180;
    private final Agents agents;
    private final Side side;
    private final Progress progress;
    private final Circumstances circumstances;
    private final List<Lesson> learned = new ArrayList<>();

    private record Lesson(Job job, int rows) {
    }

    /** What is around a worker, and what a new one knows nothing of. */
    interface Circumstances {
        /** Before a new worker is warmed up. */
        void calm() throws IOException, InterruptedException;

        /** After that. */
        void restore() throws IOException, InterruptedException;
    }

    /** What the host does while the worker does its job. */
    interface Meanwhile {
        void run() throws IOException, InterruptedException;
    }

    WorkerJobs(final Agents agents, final Side side, final Progress progress, final Circumstances circumstances) {
        this.agents = agents;
        this.side = side;
        this.progress = progress;
        this.circumstances = circumstances;
    }

    /** Gives a job without waiting for its row. */
    void begin(final Job job) throws InterruptedException {
        agents.jobs().give(job, ASKING_SECONDS);
    }

    /** Gives a job whose rows nobody wants; a new worker gets it again. */
    void learn(final Job job, final int rows) throws IOException, InterruptedException {
        run(job, rows, () -> { });
        learned.add(new Lesson(job, rows));
    }

    /** Gives a job and waits for so many rows. */
    List<Row> run(final Job job, final int rows, final Meanwhile meanwhile) throws IOException, InterruptedException {
        while (true) {
            begin(job);
            meanwhile.run();
            final Optional<List<Row>> all = await(job, rows);
            if (all.isPresent()) {
                return all.get();
            }
            progress.note("the guest's JVM crashed and was started again: it is warmed up again, and " + job.variant() + " is repeated");
            circumstances.calm();
            warmAgain(job);
            circumstances.restore();
        }
    }

    /** Until everything was done by one worker, that of the job: what it learned by its own variant, or if that had none, by others of its bench. */
    private void warmAgain(final Job job) throws InterruptedException {
        final List<Lesson> ofBench = learned.stream().filter(each -> each.job().bench().equals(job.bench())).toList();
        final List<Lesson> own = ofBench.stream().filter(each -> each.job().variant().equals(job.variant())).toList();
        final List<Lesson> again = own.isEmpty() ? ofBench : own;
        for (int i = 0; i < again.size();) {
            final Lesson lesson = again.get(i);
            begin(lesson.job());
            i = await(lesson.job(), lesson.rows()).isPresent() ? i + 1 : 0;
        }
    }

    /** Empty if the worker is another one by now; it ends for good after some crashes. */
    private Optional<List<Row>> await(final Job job, final int count) throws InterruptedException {
        final List<Row> rows = new ArrayList<>();
        final long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(JOB_TIMEOUT_SECONDS);
        while (System.nanoTime() < until) {
            final boolean isAsking = agents.jobs().isAsking(); // before the look at the row, which may still be on its way
            final Row row = side.rows().poll(isAsking ? ROW_ON_ITS_WAY_SECONDS : 1, TimeUnit.SECONDS);
            if (row != null) {
                rows.add(row);
                if (rows.size() == count) {
                    return Optional.of(rows);
                }
            } else if (isAsking) {
                return Optional.empty();
            } else if (!side.isAlive()) {
                throw new IllegalStateException("the worker ended in the middle of job " + job.variant() + ": its output says why");
            }
        }
        throw new IllegalStateException("job " + job.variant() + " did not end within " + JOB_TIMEOUT_SECONDS + " s");
    }

    /** Another row of a job that has more than one; empty if it does not come, because the worker is another one by now. */
    Optional<Row> nextRow(final long seconds) throws InterruptedException {
        return Optional.ofNullable(side.rows().poll(seconds, TimeUnit.SECONDS));
    }

    /** Lets the worker go if it asks for more; closing its side ends it in any case. */
    void quit() {
        try {
            if (side.isAlive()) {
                agents.jobs().give(Job.QUIT, 5);
            }
        } catch (final IllegalStateException e) {
            progress.note("the worker is ended by force: " + e.getMessage());
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
