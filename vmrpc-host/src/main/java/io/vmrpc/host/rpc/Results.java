package io.vmrpc.host.rpc;

import io.vmrpc.error.Status;
import io.vmrpc.host.service.Publisher;
import io.vmrpc.host.service.Request;
import io.vmrpc.host.service.Withheld;
import io.vmrpc.rpc.wire.WireWriter;

/**
 * Sends results: in one record, or as a stream of several. A stream that has to wait for the guest keeps its bytes, within the session's
 * budget, and the next call gets another writer.
 */
final class Results {
    private static final int FIRST_CAPACITY = 256;
    /** Results' limits that a session may hold at a time. */
    private static final int CALLS = 4;
    private final RpcSession session;
    private final int limit;
    private final long budget;
    private long held;
    private WireWriter writer;

    Results(final RpcSession session, final RpcService service) {
        this.session = session;
        limit = service.limit();
        budget = (long)CALLS * limit;
        writer = newWriter();
    }

    WireWriter writer() {
        return writer;
    }

    WireWriter newWriter() {
        return new WireWriter(FIRST_CAPACITY, limit);
    }

    /** Answers a request at hand. */
    Status send(final Request request, final HostContext context) {
        final int length = writer.position();
        if (request.isOneWay() || length <= request.payloadCapacity()) {
            request.reply(writer.buffer(), 0, request.isOneWay() ? 0 : length);
            return Status.OK;
        }
        if (!request.isSubscription()) {
            request.fail(Status.RESOURCE_EXHAUSTED, 0, tooLong(context, length, request.payloadCapacity()));
            return Status.RESOURCE_EXHAUSTED;
        }
        return stream(request.subscribe(), writer, context);
    }

    /** Answers a request that was withheld. */
    Status send(final Withheld handle, final WireWriter out, final HostContext context) {
        final int length = out.position();
        if (length <= handle.payloadCapacity()) {
            handle.complete(out.buffer(), 0, length);
            return Status.OK;
        }
        if (handle instanceof Publisher publisher) {
            return stream(publisher, out, context);
        }
        handle.fail(Status.RESOURCE_EXHAUSTED, 0, tooLong(context, length, handle.payloadCapacity()));
        return Status.RESOURCE_EXHAUSTED;
    }

    private static String tooLong(final HostContext context, final int length, final int capacity) {
        return context.method().replyText() + " take " + length + " bytes, and the guest asked for one record of " + capacity;
    }

    private Status stream(final Publisher publisher, final WireWriter out, final HostContext context) {
        final int length = out.position();
        if (held + length > budget) {
            publisher.fail(Status.RESOURCE_EXHAUSTED, 0, context.method().replyText() + " take " + length + " bytes, and " + held +
                " of other calls wait for this guest: take those first");
            return Status.RESOURCE_EXHAUSTED;
        }
        final ResultStream stream = new ResultStream(publisher, out, () -> held -= length);
        if (!stream.push()) {
            held += length;
            publisher.onEnd((stale, why) -> held -= length);
            if (out == writer) {
                writer = newWriter();
            }
        }
        return Status.OK;
    }
}
