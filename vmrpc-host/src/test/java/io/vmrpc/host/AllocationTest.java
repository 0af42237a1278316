package io.vmrpc.host;

import static org.junit.jupiter.api.Assertions.*;

import com.sun.management.ThreadMXBean;
import io.vmrpc.host.service.Publisher;
import io.vmrpc.host.service.Request;
import io.vmrpc.host.service.Service;
import io.vmrpc.host.service.Withheld;
import io.vmrpc.layout.HeaderDescriptor;
import io.vmrpc.layout.Protocol;
import io.vmrpc.region.Region;
import io.vmrpc.ring.CompletionConsumer;
import io.vmrpc.ring.CompletionHandler;
import io.vmrpc.ring.SubmissionProducer;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The agent allocates nothing per request: immediate, withheld with a deadline, or an event. Guest and agent share this thread. */
@Timeout(60)
class AllocationTest {
    private static final int CALLS = 10_000;
    @TempDir
    Path folder;

    /** Withholds each request and completes it, after an event if it is a subscription, at the next one. */
    private static final class Relay implements Service {
        private final Withheld[] handles = {new Withheld(), new Withheld()};
        private final Publisher publisher = new Publisher();
        private int next;

        @Override
        public String name() {
            return "relay";
        }

        @Override
        public void onRequest(final Request request) {
            if (request.isSubscription()) {
                request.subscribe(publisher);
                publisher.event(request.payload(), request.offset(), request.length());
                publisher.complete(request.payload(), request.offset(), request.length());
            } else if (request.method() == 0) {
                request.reply(request.payload(), request.offset(), request.length());
            } else {
                next ^= 1;
                request.withhold(handles[next]);
                if (handles[next ^ 1].isOutstanding()) {
                    handles[next ^ 1].complete(request.payload(), request.offset(), request.length());
                }
            }
        }
    }

    @Test
    void nothingIsAllocatedPerRequest() throws Exception {
        final AgentContext context = new AgentContext().region(folder.resolve("region")).geometry(SessionFixture.GEOMETRY)
            .service(new Relay()).removeRegionsOnClose(true);
        try (Agent agent = Agent.invoker(context); Region region = Region.open(folder.resolve("region"))) {
            final SubmissionProducer submissions = new SubmissionProducer(region.channel(0), region.geometry());
            final CompletionConsumer completions = new CompletionConsumer(region.channel(0), region.geometry());
            region.header().putInt(HeaderDescriptor.GUEST_VERSION, Protocol.VERSION);
            region.header().putLong(HeaderDescriptor.GUEST_FEATURES, Protocol.FEATURES);
            region.header().putLongRelease(HeaderDescriptor.GUEST_EPOCH, 1);
            run(agent.shard(0), submissions, completions, 0);
            final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
            final long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            final long taken = run(agent.shard(0), submissions, completions, CALLS);
            final long bytes = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
            assertTrue(taken >= CALLS, "the requests must have been answered, completions=" + taken);
            assertTrue(bytes < CALLS, "bytes=" + bytes + " for " + CALLS + " calls"); // the bean itself allocates a little
        }
    }

    private static long run(final Shard shard, final SubmissionProducer submissions, final CompletionConsumer completions,
        final int first) {
        final long[] taken = new long[1];
        final CompletionHandler handler = (correlation, status, flags, detail, lost, payload, offset, length) -> {
            if (status != 0) {
                throw new AssertionError("status=" + status);
            }
            taken[0]++;
        };
        final UnsafeBuffer payload = new UnsafeBuffer(new byte[100]);
        for (int i = first; i < first + CALLS; i++) {
            final int kind = i % 3;
            assertTrue(submissions.offer(i, Protocol.operation(1, kind), kind == 2 ? Protocol.SUBMIT_SUBSCRIBE : 0,
                Long.MAX_VALUE - 1, payload, 0, i % 100));
            shard.turn();
            completions.poll(handler, Integer.MAX_VALUE);
        }
        return taken[0];
    }
}
