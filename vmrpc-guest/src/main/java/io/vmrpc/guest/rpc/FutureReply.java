package io.vmrpc.guest.rpc;

import io.vmrpc.error.Status;
import io.vmrpc.error.VmrpcException;
import io.vmrpc.guest.CompletionListener;
import io.vmrpc.rpc.ClientCall;
import io.vmrpc.rpc.RpcException;
import io.vmrpc.rpc.schema.MethodDescriptor;
import io.vmrpc.rpc.stub.FailureDecoder;
import io.vmrpc.rpc.stub.ResultDecoder;
import io.vmrpc.rpc.wire.WireReader;
import java.util.concurrent.CompletableFuture;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/** The reply of an asynchronous call. */
final class FutureReply<T> implements CompletionListener {
    private final ServiceConnection service;
    private final MethodDescriptor method;
    private final ResultDecoder<T> decoder;
    private final FailureDecoder failures;
    private final @Nullable ClientCall call;
    private final Thread thread = Thread.currentThread();
    private final CompletableFuture<T> future = new Cancellable();
    private long correlation;
    private @Nullable ReplyBuffer parts;

    /** A future that tells the host when it is cancelled. */
    private final class Cancellable extends CompletableFuture<T> {
        @Override
        public boolean cancel(final boolean mayInterrupt) {
            if (!super.cancel(mayInterrupt)) {
                return false;
            }
            if (Thread.currentThread() != thread || !cancelAtHost()) {
                service.rpc().cancelSoon(FutureReply.this); // a channel belongs to its thread
            }
            return true;
        }
    }

    FutureReply(final ServiceConnection service, final MethodDescriptor method, final ResultDecoder<T> decoder, final FailureDecoder failures,
        final @Nullable ClientCall call) {
        this.service = service;
        this.method = method;
        this.decoder = decoder;
        this.failures = failures;
        this.call = call;
    }

    void sent(final long newCorrelation) {
        correlation = newCorrelation;
    }

    /** On the channel's thread; false if the ring is full. */
    boolean cancelAtHost() {
        return service.rpc().channel().cancel(correlation);
    }

    CompletableFuture<T> future() {
        return future;
    }

    @Override
    public void onCompletion(final long completed, final Status status, final int detail, final boolean more, final long lost,
        final DirectBuffer payload, final int offset, final int length) {
        if (more || parts != null) {
            part(completed, status, detail, more, lost, payload, offset, length);
        } else if (status == Status.OK) {
            final WireReader reader = new WireReader();
            reader.wrap(payload, offset, length, method.replyText(), true);
            succeed(reader);
        } else {
            fail(Failures.of(method, status, detail, payload, offset, length));
        }
    }

    private void part(final long completed, final Status status, final int detail, final boolean more, final long lost, final DirectBuffer payload,
        final int offset, final int length) {
        ReplyBuffer collecting = parts;
        if (collecting == null) {
            collecting = new ReplyBuffer(length);
            collecting.begin(method);
            parts = collecting;
        }
        collecting.onCompletion(completed, status, detail, more, lost, payload, offset, length);
        if (!more) {
            final RuntimeException failure = collecting.failure();
            if (failure == null) {
                succeed(collecting.reader(method));
            } else {
                fail(failure);
            }
        }
    }

    private void succeed(final WireReader reader) {
        T result = null;
        RuntimeException broken = null;
        try {
            result = decoder.decode(reader);
        } catch (final RuntimeException e) {
            broken = e;
        }
        service.rpc().outgoing().end(call, broken == null ? Status.OK : Status.INTERNAL);
        if (broken == null) {
            future.complete(result);
        } else {
            future.completeExceptionally(broken);
        }
    }

    private void fail(final RuntimeException failure) {
        service.rpc().outgoing().end(call, failure instanceof RpcException known ? known.status() : Status.UNAVAILABLE);
        future.completeExceptionally(failure instanceof RpcException known ? failures.translate(known) : failure);
    }

    @Override
    public void onFailure(final long failed, final VmrpcException cause) {
        fail(cause);
    }
}
