package io.vmrpc.host.session;

import io.vmrpc.error.Status;
import io.vmrpc.host.service.End;
import io.vmrpc.host.service.Outstanding;
import io.vmrpc.host.service.SessionInfo;
import java.util.concurrent.Executor;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A request that is withheld, or whose completion is held back until the ring has space. Pooled by its channel.
 */
final class OutstandingRequest extends Outstanding {
    final HostChannel channel;
    long correlation;
    long deadlineNs;
    boolean isOneWay;
    /** Whom to tell of space, or null. */
    Runnable spaceListener;
    long lost;
    /** Place in {@link Deadlines}, -1 if in none. */
    int place = -1;
    /** Place among the channel's outstanding requests. */
    int index;

    boolean isHeld;
    int status;
    int detail;
    byte[] payload;

    OutstandingRequest(final HostChannel channel) {
        this.channel = channel;
    }

    @Override
    protected void complete(final Status status, final int detail, final DirectBuffer buffer, final int offset, final int length) {
        channel.checkAnswer(length);
        retire();
        forget();
        channel.complete(this, status.code(), detail, buffer, offset, length);
    }

    @Override
    protected void fail(final Status status, final int detail, final CharSequence text) {
        final DirectBuffer bytes = channel.text(text);
        complete(status, detail, bytes, 0, bytes.capacity());
    }

    @Override
    protected boolean event(final DirectBuffer buffer, final int offset, final int length) {
        channel.checkAnswer(length);
        return channel.event(this, buffer, offset, length);
    }

    @Override
    protected int payloadCapacity() {
        return channel.payloadCapacity();
    }

    @Override
    protected MutableDirectBuffer claim() {
        channel.checkAnswer(0);
        return channel.claim();
    }

    @Override
    protected void publish(final int length) {
        channel.checkAnswer(length);
        channel.publish(this, length);
    }

    @Override
    protected void awaitSpace(final Runnable listener) {
        channel.checkAnswer(0);
        channel.awaitSpace(this, listener);
    }

    /** The agent ends the request by itself. */
    void end(final End why, final Status status) {
        retire();
        channel.complete(this, status.code(), 0, null, 0, 0);
        tellService(why);
    }

    /** The session is gone: nothing is written. */
    void abandon() {
        retire();
        tellService(End.SESSION);
    }

    private void tellService(final End why) {
        try {
            tell(why);
        } catch (final Throwable e) { // the others must be ended, too
            channel.session.dispatch().onListenerFailure(channel.session.info(), e);
        }
    }

    void expire() {
        end(End.DEADLINE, Status.DEADLINE_EXCEEDED);
    }

    @Override
    protected long lost() {
        return lost;
    }

    @Override
    protected SessionInfo session() {
        return channel.session.info();
    }

    @Override
    protected Executor shard() {
        return channel.session.context().shard();
    }
}
