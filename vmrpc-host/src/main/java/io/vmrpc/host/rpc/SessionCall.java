package io.vmrpc.host.rpc;

import io.vmrpc.error.Status;
import io.vmrpc.host.service.Request;
import io.vmrpc.rpc.EventPublisher;
import io.vmrpc.rpc.LongPoll;
import io.vmrpc.rpc.stub.HostCall;
import io.vmrpc.rpc.stub.ValueEncoder;
import io.vmrpc.rpc.wire.WireReader;
import io.vmrpc.rpc.wire.WireWriter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.agrona.collections.ArrayUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** The call that a session serves at the moment. One object for all of them. */
final class SessionCall implements HostCall {
    private final RpcSession session;
    private @Nullable Request request;
    private @Nullable HostContext context;
    private UnsafeBuffer[] views = {};
    private boolean isReplying;
    private @Nullable WithheldCall<?> withheld;
    private @Nullable PublishingCall<?> publishing;

    SessionCall(final RpcSession session) {
        this.session = session;
    }

    void begin(final Request newRequest, final HostContext newContext) {
        request = newRequest;
        context = newContext;
        isReplying = false;
        withheld = null;
        publishing = null;
    }

    void end() {
        request = null;
        context = null;
        isReplying = false;
        withheld = null;
        publishing = null;
    }

    private Request request() {
        final Request current = request;
        if (current == null) {
            throw new IllegalStateException("a call is valid only until dispatch returns");
        }
        return current;
    }

    /** Whether the arguments have been decoded and the rest is the implementation's. */
    boolean isAnswering() {
        return isReplying || withheld != null || publishing != null;
    }

    /** The implementation threw after it had taken a handle: the failure is the reply, unless there was one. */
    boolean failWithheld(final Throwable failure) {
        if (withheld != null) {
            if (withheld.isOutstanding()) {
                withheld.fail(failure);
            }
            return true;
        }
        if (publishing != null) {
            if (publishing.isOutstanding()) {
                publishing.fail(failure);
            }
            return true;
        }
        return false;
    }

    @Override
    public WireReader arguments() {
        return session.arguments().reader();
    }

    @Override
    public UnsafeBuffer view(final int index) {
        while (index >= views.length) {
            views = ArrayUtil.add(views, new UnsafeBuffer(0, 0));
        }
        return views[index];
    }

    @Override
    public WireWriter reply() {
        isReplying = true;
        final WireWriter out = session.writer();
        out.begin(0, context.method().replyText(), false);
        return out;
    }

    @Override
    public void send() {
        session.ended(context, session.results().send(request(), context));
    }

    @Override
    public void sendNothing() {
        request().reply();
        session.ended(context, Status.OK);
    }

    @Override
    public <T> void sendLater(final @Nullable CompletionStage<T> stage, final ValueEncoder<T> encoder) {
        if (stage == null) {
            throw new IllegalStateException("method " + context.method() + " returned null instead of a stage");
        }
        final WithheldCall<T> reply = session.withhold(request(), context, encoder);
        withheld = reply;
        stage.whenComplete((result, failure) -> complete(reply, result, failure));
        if (stage instanceof CompletableFuture<T> future) {
            reply.onEnd(status -> future.cancel(false));
        }
    }

    /** A stage swallows what its listeners throw. */
    private static <T> void complete(final WithheldCall<T> reply, final @Nullable T result, final @Nullable Throwable failure) {
        if (!reply.isOutstanding()) {
            return;
        }
        try {
            if (failure == null) {
                reply.complete(result);
                return;
            }
        } catch (final RuntimeException e) {
            reply.fail(e);
            return;
        }
        reply.fail(failure);
    }

    @Override
    public <T> LongPoll<T> withhold(final ValueEncoder<T> encoder) {
        final WithheldCall<T> reply = session.withhold(request(), context, encoder);
        withheld = reply;
        return reply;
    }

    @Override
    public <T> EventPublisher<T> publish(final ValueEncoder<T> encoder) {
        final PublishingCall<T> publisher = session.publish(request(), context, encoder);
        publishing = publisher;
        return publisher;
    }
}
