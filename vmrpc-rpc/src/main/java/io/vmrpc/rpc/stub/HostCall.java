package io.vmrpc.rpc.stub;

import io.vmrpc.rpc.EventPublisher;
import io.vmrpc.rpc.LongPoll;
import io.vmrpc.rpc.wire.WireReader;
import io.vmrpc.rpc.wire.WireWriter;
import java.util.concurrent.CompletionStage;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** A call in the host, as generated dispatchers see it: decode, call the implementation, answer once. Valid until dispatch returns. */
public interface HostCall {
    /**
     * The arguments.
     *
     * @return stands at their beginning.
     */
    WireReader arguments();

    /**
     * A buffer that can become a view of arguments.
     *
     * @param index from 0, for each parameter of the call another one.
     * @return the same one for each call of a session.
     */
    UnsafeBuffer view(int index);

    /**
     * Begins an immediate reply.
     *
     * @return takes the result.
     */
    WireWriter reply();

    /** Sends what was written to {@link #reply}. */
    void send();

    /** Answers a call that has no result. */
    void sendNothing();

    /**
     * Answers when a stage has completed.
     *
     * @param stage of the implementation; not null.
     * @param encoder writes its result.
     * @param <T> type of the result.
     */
    <T> void sendLater(@Nullable CompletionStage<T> stage, ValueEncoder<T> encoder);

    /**
     * Withholds the reply.
     *
     * @param encoder writes the result.
     * @param <T> type of the result.
     * @return completes it.
     */
    <T> LongPoll<T> withhold(ValueEncoder<T> encoder);

    /**
     * Begins a subscription.
     *
     * @param encoder writes an event.
     * @param <T> type of the events.
     * @return sends them.
     */
    <T> EventPublisher<T> publish(ValueEncoder<T> encoder);
}
