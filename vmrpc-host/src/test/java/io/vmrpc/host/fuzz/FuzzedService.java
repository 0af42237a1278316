package io.vmrpc.host.fuzz;

import io.vmrpc.error.Status;
import io.vmrpc.host.service.EndListener;
import io.vmrpc.host.service.Publisher;
import io.vmrpc.host.service.Request;
import io.vmrpc.host.service.Service;
import io.vmrpc.host.service.Withheld;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Answers in every way there is, and checks that it is told of every end. */
public final class FuzzedService implements Service {
    private final List<Withheld> live = new ArrayList<>();
    private final EndListener dropping = (handle, why) -> live.remove(handle);
    private final Random random;

    /**
     * Begins.
     *
     * @param random what decides.
     */
    public FuzzedService(final Random random) {
        this.random = random;
    }

    /**
     * Requests that wait.
     *
     * @return how many.
     */
    public int liveCount() {
        return live.size();
    }

    @Override
    public String name() {
        return "fuzzed";
    }

    @Override
    public void onRequest(final Request request) {
        switch (request.method()) {
            case 0 -> request.reply(request.payload(), request.offset(), request.length());
            case 1 -> keep(request.withhold());
            case 2 -> keep(request.isSubscription() ? request.subscribe() : request.withhold());
            case 3 -> request.fail(Status.UNAVAILABLE, random.nextInt(), "try again");
            case 4 -> throw new IllegalStateException("as asked");
            default -> completeSome(request);
        }
    }

    private void keep(final Withheld handle) {
        handle.onEnd(dropping);
        live.add(handle);
    }

    private void completeSome(final Request request) {
        for (int i = 0; i < 3 && !live.isEmpty(); i++) {
            final Withheld handle = live.get(random.nextInt(live.size()));
            if (!handle.isOutstanding()) {
                throw new AssertionError("a request ended and its service was not told");
            }
            final boolean isFinal = random.nextBoolean();
            if (handle instanceof Publisher publisher && !isFinal) {
                publisher.event(request.payload(), 0, request.length());
            } else {
                live.remove(handle);
                handle.complete(request.payload(), 0, request.length());
            }
        }
        request.reply();
    }
}
