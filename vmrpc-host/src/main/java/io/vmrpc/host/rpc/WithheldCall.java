package io.vmrpc.host.rpc;

import io.vmrpc.error.Status;
import io.vmrpc.host.service.End;
import io.vmrpc.host.service.Withheld;
import io.vmrpc.rpc.CallContext;
import io.vmrpc.rpc.LongPoll;
import io.vmrpc.rpc.stub.ValueEncoder;
import io.vmrpc.rpc.wire.WireWriter;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A reply that is completed later, by any thread. */
final class WithheldCall<T> implements LongPoll<T> {
    /** What has become of the call. */
    private enum State { OUTSTANDING, COMPLETED, ENDED }

    private final RpcSession session;
    private final HostContext context;
    private final Withheld handle;
    private final ValueEncoder<T> encoder;
    private final AtomicReference<State> state = new AtomicReference<>(State.OUTSTANDING);
    private @Nullable Status end;
    private @Nullable Consumer<Status> listener;

    WithheldCall(final RpcSession session, final HostContext context, final Withheld handle, final ValueEncoder<T> encoder) {
        this.session = session;
        this.context = context;
        this.handle = handle;
        this.encoder = encoder;
        handle.onEnd((stale, why) -> ended(why));
    }

    @Override
    public boolean complete(final T result) {
        if (!isFirst()) {
            return false;
        }
        final boolean isHere = session.isOnShard();
        final WireWriter out = isHere ? session.writer() : session.newWriter();
        out.begin(0, context.method().replyText(), false);
        encoder.encode(out, result); // before the reply counts as completed: what cannot be encoded is the caller's to repair
        if (!finish()) {
            return false;
        }
        return run(isHere, () -> send(out));
    }

    /** False if the agent has closed meanwhile. */
    private boolean run(final boolean isHere, final Runnable answer) {
        if (isHere) {
            answer.run();
            return true;
        }
        try {
            handle.onShard(answer);
            return true;
        } catch (final RejectedExecutionException e) {
            return false;
        }
    }

    @Override
    public boolean fail(final Throwable failure) {
        if (!isFirst() || !finish()) {
            return false;
        }
        return run(session.isOnShard(), () -> sendFailure(failure));
    }

    private boolean isFirst() {
        final State now = state.get();
        if (now == State.COMPLETED) {
            throw twice();
        }
        return now == State.OUTSTANDING;
    }

    private boolean finish() {
        if (state.compareAndSet(State.OUTSTANDING, State.COMPLETED)) {
            return true;
        }
        return isFirst(); // another thread was faster, or the call has ended
    }

    private IllegalStateException twice() {
        return new IllegalStateException("the reply of " + context.method() + " was completed already: a call has one reply, and the first one stands");
    }

    private void send(final WireWriter out) {
        if (handle.isOutstanding()) {
            session.send(handle, out, context);
        } else {
            session.ended(context, Status.CANCELLED);
        }
    }

    private void sendFailure(final Throwable failure) {
        if (handle.isOutstanding()) {
            session.ended(context, session.failures().send(handle, context, failure));
        } else {
            session.ended(context, Status.CANCELLED);
        }
    }

    private void ended(final End why) {
        context.cancel();
        if (!state.compareAndSet(State.OUTSTANDING, State.ENDED)) {
            return; // a completion is on its way here and finds the handle stale
        }
        final Status status = RpcSession.status(why);
        session.ended(context, status);
        final Consumer<Status> told;
        synchronized (this) {
            end = status;
            told = listener;
        }
        if (told != null) {
            told.accept(status);
        }
    }

    @Override
    public boolean isOutstanding() {
        return state.get() == State.OUTSTANDING;
    }

    @Override
    public void onEnd(final Consumer<Status> newListener) {
        final Status status;
        synchronized (this) {
            listener = newListener;
            status = end;
        }
        if (status != null) {
            newListener.accept(status);
        }
    }

    @Override
    public CallContext context() {
        return context;
    }
}
