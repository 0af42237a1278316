package io.vmrpc.examples;

import io.vmrpc.error.Status;
import io.vmrpc.host.service.Publisher;
import io.vmrpc.host.service.Request;
import io.vmrpc.host.service.Service;
import io.vmrpc.host.service.Withheld;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** A sensor and an actuator. Its state belongs to one thread: serve it with an agent of one shard. */
final class SampleService implements Service {
    static final String NAME = "sample";
    static final int NEXT = 0;
    static final int TICKS = 1;
    static final int SET = 2;

    // readme: begin
    private final List<Withheld> waiting = new ArrayList<>();
    private final List<Publisher> subscribers = new ArrayList<>();
    private final UnsafeBuffer sample = new UnsafeBuffer(new byte[Long.BYTES]);

    @Override
    public void onRequest(final Request request) { // on the shard's thread, must not block
        switch (request.method()) {
            case NEXT -> waiting.add(request.withhold());                             // long poll: the reply comes with the next sample
            case TICKS -> subscribers.add(request.subscribe());                       // one request, many events
            case SET -> request.reply(request.payload(), request.offset(), request.length()); // now
            default -> request.fail(Status.UNIMPLEMENTED, 0, "method " + request.method() + " is unknown: use 0 to 2");
        }
    }

    void publish(final long value) { // on the shard's thread, every 5 ms
        sample.putLong(0, value);
        waiting.stream().filter(Withheld::isOutstanding).forEach(each -> each.complete(sample, 0, Long.BYTES));
        waiting.clear();
        subscribers.removeIf(each -> !each.isOutstanding()); // cancelled, past its deadline, or its guest is gone
        subscribers.forEach(each -> each.event(sample, 0, Long.BYTES));
    }
    // readme: end

    @Override
    public String name() {
        return NAME;
    }
}
