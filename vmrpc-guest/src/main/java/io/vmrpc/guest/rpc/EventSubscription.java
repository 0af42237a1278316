package io.vmrpc.guest.rpc;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.vmrpc.error.Status;
import io.vmrpc.error.VmrpcException;
import io.vmrpc.guest.Channel;
import io.vmrpc.guest.CompletionListener;
import io.vmrpc.rpc.ClientCall;
import io.vmrpc.rpc.RpcException;
import io.vmrpc.rpc.Subscription;
import io.vmrpc.rpc.schema.MethodDescriptor;
import io.vmrpc.rpc.stub.ResultDecoder;
import io.vmrpc.rpc.wire.RpcProtocol;
import io.vmrpc.rpc.wire.WireReader;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Events of the host. At most the window's number are kept here, because the host has no credit for more: what the application has taken is
 * granted again when it is half of the window.
 */
final class EventSubscription<T> implements Subscription<T>, CompletionListener {
    private final ServiceConnection service;
    private final Channel channel;
    private final MethodDescriptor method;
    private final ResultDecoder<T> decoder;
    private final int number;
    private final int window;
    private final @Nullable ClientCall call;
    private final WireReader reader = new WireReader();
    private final UnsafeBuffer credit = new UnsafeBuffer(new byte[RpcProtocol.SUBSCRIPTION_LENGTH]);
    private final ArrayDeque<T> events = new ArrayDeque<>();
    private @Nullable Consumer<? super T> listener;
    private @Nullable Consumer<? super @Nullable RuntimeException> endListener;
    private long correlation;
    private int taken;
    private boolean isEnded;
    private @Nullable RuntimeException failure;

    EventSubscription(final ServiceConnection service, final MethodDescriptor method, final int number, final ResultDecoder<T> decoder, final int window,
        final @Nullable ClientCall call) {
        this.service = service;
        this.method = method;
        this.number = number;
        this.decoder = decoder;
        this.window = window;
        this.call = call;
        channel = service.rpc().channel();
    }

    void sent(final long newCorrelation) {
        correlation = newCorrelation;
    }

    @Override
    public void onCompletion(final long completed, final Status status, final int detail, final boolean more, final long lost,
        final DirectBuffer payload, final int offset, final int length) {
        if (isEnded) {
            return; // closed here; the host did not know yet
        }
        if (!more) {
            end(status == Status.OK ? null : Failures.of(method, status, detail, payload, offset, length));
            return;
        }
        final Consumer<? super T> told = listener;
        reader.wrap(payload, offset, length, method.eventText(), told == null);
        final T event = decoder.decode(reader);
        if (told == null) {
            events.add(event);
        } else {
            taken++;
            told.accept(event);
            grant();
        }
    }

    private void end(final @Nullable RuntimeException cause) {
        isEnded = true;
        failure = cause;
        service.rpc().outgoing().end(call, cause == null ? Status.OK : cause instanceof RpcException known ? known.status() : Status.UNAVAILABLE);
        if (endListener != null) {
            endListener.accept(cause);
        }
    }

    @Override
    public void onFailure(final long failed, final VmrpcException cause) {
        if (!isEnded) {
            end(cause);
        }
    }

    @Override
    public @Nullable T next() {
        return next(Long.MAX_VALUE);
    }

    @Override
    public @Nullable T next(final long deadlineNs) {
        T event = poll();
        while (event == null && !isEnded && channel.await(deadlineNs)) {
            event = take();
        }
        return event == null ? take() : event;
    }

    @Override
    public @Nullable T poll() {
        if (events.isEmpty() && !isEnded) {
            grant();
            channel.poll();
        }
        return take();
    }

    private @Nullable T take() {
        final T event = events.poll();
        if (event != null) {
            taken++;
            grant();
        } else if (failure != null) {
            throw failure;
        }
        return event;
    }

    /** A grant that finds no space in the ring comes with the next event that is taken, or the next look. */
    private void grant() {
        if (!isEnded && taken * 2 >= window && taken > 0) {
            credit.putInt(0, number, LITTLE_ENDIAN);
            credit.putInt(Integer.BYTES, taken, LITTLE_ENDIAN);
            if (channel.send(service.operation(RpcProtocol.METHOD_CREDIT), credit, 0, RpcProtocol.SUBSCRIPTION_LENGTH)) {
                taken = 0;
            }
        }
    }

    @Override
    public void onEvent(final Consumer<? super T> newListener) {
        listener = newListener;
        for (T event = events.poll(); event != null; event = events.poll()) {
            taken++;
            newListener.accept(event);
        }
        grant();
    }

    @Override
    public void onEnd(final Consumer<? super @Nullable RuntimeException> newListener) {
        endListener = newListener;
        if (isEnded) {
            newListener.accept(failure);
        }
    }

    @Override
    public boolean isEnded() {
        return isEnded;
    }

    @Override
    public void close() {
        if (!isEnded) {
            isEnded = true;
            service.rpc().outgoing().end(call, Status.CANCELLED);
            while (!channel.cancel(correlation)) {
                channel.poll();
                channel.pause();
            }
        }
        events.clear();
    }
}
