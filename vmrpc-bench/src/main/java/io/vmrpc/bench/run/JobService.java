package io.vmrpc.bench.run;

import io.vmrpc.bench.worker.Job;
import io.vmrpc.bench.worker.Worker;
import io.vmrpc.host.service.Request;
import io.vmrpc.host.service.Service;
import io.vmrpc.host.service.Withheld;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/** Gives jobs to the worker: its request for the next one is withheld until there is one. */
final class JobService implements Service {
    private final BlockingQueue<Withheld> asking = new ArrayBlockingQueue<>(16);

    @Override
    public String name() {
        return Worker.SERVICE;
    }

    @Override
    public void onRequest(final Request request) {
        asking.add(request.withhold());
    }

    /** Waits until the worker asks, then answers. */
    void give(final Job job, final long timeoutSeconds) throws InterruptedException {
        while (true) {
            final Withheld request = asking.poll(timeoutSeconds, TimeUnit.SECONDS);
            if (request == null) {
                throw new IllegalStateException("the worker did not ask for a job within " + timeoutSeconds + " s: see its output");
            }
            if (request.isOutstanding()) { // not that of an agent or session that is gone
                final UnsafeBuffer text = new UnsafeBuffer(job.toJson().getBytes(StandardCharsets.UTF_8));
                request.onShard(() -> request.complete(text, 0, text.capacity()));
                return;
            }
        }
    }

    /** Whether the worker asks for a job: one that got a job and has not delivered its row has been started again. */
    boolean isAsking() {
        asking.removeIf(request -> !request.isOutstanding());
        return !asking.isEmpty();
    }
}
