package io.vmrpc.host.rpc;

import io.vmrpc.error.Status;
import io.vmrpc.host.service.End;
import io.vmrpc.host.service.Publisher;
import io.vmrpc.rpc.CallContext;
import io.vmrpc.rpc.EventPublisher;
import io.vmrpc.rpc.stub.ValueEncoder;
import io.vmrpc.rpc.wire.WireException;
import io.vmrpc.rpc.wire.WireWriter;
import java.util.function.Consumer;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/** The host's end of a subscription. Keeps no event: one that has no credit or no space was not sent. */
final class PublishingCall<T> implements EventPublisher<T> {
    private static final int MAX_CREDIT = 65_536;
    private final RpcSession session;
    private final HostContext context;
    private final Publisher publisher;
    private final ValueEncoder<T> encoder;
    private final long key;
    private final Runnable onSpace = this::onSpace;
    private long credit;
    private boolean isWaiting;
    private boolean wasRefused;
    private boolean isFinished;
    private @Nullable Runnable readyListener;
    private @Nullable Consumer<Status> endListener;

    PublishingCall(final RpcSession session, final HostContext context, final Publisher publisher, final ValueEncoder<T> encoder, final long key,
        final int credit) {
        this.session = session;
        this.context = context;
        this.publisher = publisher;
        this.encoder = encoder;
        this.key = key;
        this.credit = bounded(credit);
        publisher.onEnd((stale, why) -> ended(why));
    }

    private static long bounded(final long events) {
        return Math.max(0, Math.min(MAX_CREDIT, events));
    }

    /** The guest has taken events; whatever number it claims, it is bounded. */
    void grant(final int events) {
        credit = bounded(credit + Math.max(0, (long)events));
        tellIfReady();
    }

    @Override
    public boolean publish(final T event) {
        final MutableDirectBuffer space = space();
        if (space == null) {
            wasRefused = true;
            return false;
        }
        final WireWriter out = session.writer();
        out.begin(0, context.method().eventText(), false);
        encoder.encode(out, event);
        if (out.position() > publisher.payloadCapacity()) {
            throw new WireException(context.method().eventText() + " must fit into one record of " + publisher.payloadCapacity() + " bytes, and this one has " +
                out.position() + ": send it in parts, or make the region with a larger payload capacity");
        }
        space.putBytes(0, out.buffer(), 0, out.position());
        publisher.publish(out.position());
        credit--;
        return true;
    }

    private @Nullable MutableDirectBuffer space() {
        session.requireShard();
        if (credit == 0 || !publisher.isOutstanding()) {
            return null;
        }
        final MutableDirectBuffer space = publisher.claim();
        if (space == null && !isWaiting) {
            isWaiting = true;
            publisher.awaitSpace(onSpace);
        }
        return space;
    }

    private void onSpace() {
        isWaiting = false;
        tellIfReady();
    }

    private void tellIfReady() {
        final Runnable told = readyListener;
        if (wasRefused && told != null && space() != null) {
            wasRefused = false;
            told.run();
        }
    }

    @Override
    public boolean isReady() {
        final boolean isReady = space() != null;
        wasRefused |= !isReady;
        return isReady;
    }

    @Override
    public void onReady(final Runnable listener) {
        readyListener = listener;
    }

    @Override
    public boolean isOutstanding() {
        return publisher.isOutstanding();
    }

    @Override
    public void complete() {
        if (finishes()) {
            publisher.complete();
            end(Status.OK);
        }
    }

    @Override
    public void fail(final Throwable failure) {
        if (finishes()) {
            end(session.failures().send(publisher, context, failure));
        }
    }

    /** False if the guest has ended the subscription before. */
    private boolean finishes() {
        session.requireShard();
        if (isFinished) {
            throw new IllegalStateException("the subscription of " + context.method() + " was completed already: the first completion stands");
        }
        isFinished = publisher.isOutstanding();
        return isFinished;
    }

    private void ended(final End why) {
        context.cancel();
        final Status status = RpcSession.status(why);
        end(status);
        if (endListener != null) {
            endListener.accept(status);
        }
    }

    private void end(final Status status) {
        session.forget(key);
        session.ended(context, status);
    }

    @Override
    public void onEnd(final Consumer<Status> listener) {
        endListener = listener;
    }

    @Override
    public void onShard(final Runnable task) {
        publisher.onShard(task);
    }

    @Override
    public CallContext context() {
        return context;
    }
}
