package io.vmrpc.rpc.stub;

import io.vmrpc.rpc.CallOptions;
import io.vmrpc.rpc.Subscription;
import io.vmrpc.rpc.schema.MethodDescriptor;
import io.vmrpc.rpc.wire.WireReader;
import io.vmrpc.rpc.wire.WireWriter;
import java.util.concurrent.CompletionStage;

/** What a stub sends its calls with: {@link #begin}, write the arguments, then one of the other methods. Belongs to one thread. */
public interface StubTransport {
    /**
     * Begins a call.
     *
     * @param method to call.
     * @param options how.
     * @return takes the arguments.
     */
    WireWriter begin(MethodDescriptor method, CallOptions options);

    /**
     * Sends the call and waits for its reply.
     *
     * @return holds the result until the next call.
     */
    WireReader call();

    /**
     * Sends the call; nothing answers.
     */
    void send();

    /**
     * Sends the call and returns at once.
     *
     * @param decoder reads the result.
     * @param failures turns failures into exceptions that the method declares.
     * @param <T> type of the result.
     * @return completed on the channel's thread.
     */
    <T> CompletionStage<T> callLater(ResultDecoder<T> decoder, FailureDecoder failures);

    /**
     * Subscribes.
     *
     * @param decoder reads an event.
     * @param <T> type of the events.
     * @return gets the events.
     */
    <T> Subscription<T> subscribe(ResultDecoder<T> decoder);
}
