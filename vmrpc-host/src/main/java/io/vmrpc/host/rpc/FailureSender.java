package io.vmrpc.host.rpc;

import io.vmrpc.error.Status;
import io.vmrpc.error.StatusException;
import io.vmrpc.host.service.Request;
import io.vmrpc.host.service.Withheld;
import io.vmrpc.host.session.LogLimit;
import io.vmrpc.rpc.RpcException;
import io.vmrpc.rpc.wire.RpcProtocol;
import io.vmrpc.rpc.wire.WireException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CompletionException;
import org.agrona.concurrent.SystemNanoClock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides what a guest sees of a failure: what the implementation chose for it, what the method declares, and of anything else nothing. */
final class FailureSender {
    private static final Logger LOG = LoggerFactory.getLogger(FailureSender.class);
    private final LogLimit limit = new LogLimit(SystemNanoClock.INSTANCE);
    private final RpcService service;

    FailureSender(final RpcService service) {
        this.service = service;
    }

    /** What goes to the guest. */
    private record Answer(Status status, String text, boolean isExpected) {
    }

    private Answer answer(final HostContext context, final Throwable thrown) {
        final Throwable failure = thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (failure instanceof RpcException chosen) {
            return new Answer(chosen.status(), text(context, "", failure), true);
        }
        if (failure instanceof StatusException chosen) {
            return new Answer(chosen.status(), text(context, "", failure), true);
        }
        if (failure instanceof WireException result) { // the implementation's result: says no more than the method's name and sizes
            return new Answer(result.isTooLong() ? Status.RESOURCE_EXHAUSTED : Status.INTERNAL, text(context, "", failure), result.isTooLong());
        }
        final String declared = service.dispatcher().declared(context.index(), failure);
        return declared != null ? new Answer(Status.UNKNOWN, text(context, declared, failure), true)
            : new Answer(Status.INTERNAL, "\0method " + context.method() + " failed in the host: see the agent's log" + stack(context, failure), false);
    }

    private String text(final HostContext context, final String type, final Throwable failure) {
        final String message = failure.getMessage() == null ? "" : failure.getMessage().replace('\0', ' ');
        return type + "\0" + message + stack(context, failure);
    }

    private String stack(final HostContext context, final Throwable failure) {
        if (!context.wantsStack() || !service.hasVisibleStacks()) {
            return "";
        }
        final StringWriter stack = new StringWriter();
        failure.printStackTrace(new PrintWriter(stack));
        return "\0" + stack;
    }

    /** Answers a request at hand; returns the failure if the log should have it. */
    @Nullable Throwable send(final Request request, final HostContext context, final Throwable failure, final StatusSink ended) {
        final Answer answer = answer(context, failure);
        request.fail(answer.status, RpcProtocol.DETAIL_EXCEPTION, answer.text);
        ended.ended(answer.status);
        return answer.isExpected ? null : failure;
    }

    /** Is told the status that was sent. */
    interface StatusSink {
        void ended(Status status);
    }

    /** Answers a request that was withheld. */
    Status send(final Withheld handle, final HostContext context, final Throwable failure) {
        final Answer answer = answer(context, failure);
        handle.fail(answer.status, RpcProtocol.DETAIL_EXCEPTION, answer.text);
        if (!answer.isExpected && limit.permits()) {
            LOG.error("the withheld reply of {} to {} failed{}", context.method(), context.region(), limit.suppressedText(), failure);
        }
        return answer.status;
    }
}
