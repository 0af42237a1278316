package io.vmrpc.host.rpc;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.vmrpc.error.Status;
import io.vmrpc.host.service.End;
import io.vmrpc.host.service.Publisher;
import io.vmrpc.host.service.Request;
import io.vmrpc.host.service.Service;
import io.vmrpc.host.service.SessionInfo;
import io.vmrpc.host.service.Withheld;
import io.vmrpc.layout.Protocol;
import io.vmrpc.rpc.CurrentCall;
import io.vmrpc.rpc.RpcException;
import io.vmrpc.rpc.ServerInterceptor;
import io.vmrpc.rpc.schema.MethodDescriptor;
import io.vmrpc.rpc.schema.ServiceDescriptor;
import io.vmrpc.rpc.stub.ValueEncoder;
import io.vmrpc.rpc.wire.RpcProtocol;
import io.vmrpc.rpc.wire.WireException;
import io.vmrpc.rpc.wire.WireWriter;
import java.util.List;
import org.agrona.collections.Int2IntHashMap;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/** A typed service's part for one session; on the shard's thread but for what {@link WithheldCall} says. */
final class RpcSession implements Service {
    private static final int NONE = -1;
    private final RpcService service;
    private final SessionInfo info;
    private final ServiceDescriptor descriptor;
    private final List<ServerInterceptor> interceptors;
    private final Int2IntHashMap methods = new Int2IntHashMap(NONE);
    private final Thread thread = Thread.currentThread();
    private final CurrentCall current = CurrentCall.ofThisThread();
    private final Description description;
    private final ChunkTable chunks;
    private final Arguments arguments;
    private final FailureSender failures;
    private final Results results;
    private final SessionCall call;
    private final Long2ObjectHashMap<PublishingCall<?>> subscriptions = new Long2ObjectHashMap<>();
    private @Nullable HostContext spareContext;

    RpcSession(final RpcService service, final SessionInfo info) {
        this.service = service;
        this.info = info;
        descriptor = service.descriptor();
        interceptors = service.interceptors();
        for (int i = 0; i < descriptor.methods().size(); i++) {
            methods.put(descriptor.method(i).id(), i);
        }
        description = new Description(service);
        chunks = new ChunkTable(service.name(), service.limit());
        arguments = new Arguments(chunks);
        failures = new FailureSender(service);
        results = new Results(this, service);
        call = new SessionCall(this);
    }

    @Override
    public String name() {
        return service.name();
    }

    @Override
    public void onRequest(final Request request) {
        final int index = methods.get(request.method());
        if (index != NONE) {
            serve(request, index);
            return;
        }
        switch (request.method()) {
            case RpcProtocol.METHOD_DESCRIBE -> description.reply(request);
            case RpcProtocol.METHOD_CHUNK -> {
                chunks.onChunk(request);
                request.reply();
            }
            case RpcProtocol.METHOD_CREDIT -> {
                onCredit(request);
                request.reply();
            }
            default -> request.fail(Status.UNIMPLEMENTED, 0, "service " + name() + " has no method of number " + request.method() +
                ": the guest was compiled with another version of its interface");
        }
    }

    private void onCredit(final Request request) {
        if (request.length() == RpcProtocol.SUBSCRIPTION_LENGTH) {
            final PublishingCall<?> granted = subscriptions.get(key(request.channel(), request.payload().getInt(request.offset(), LITTLE_ENDIAN)));
            if (granted != null) { // else it has ended meanwhile
                granted.grant(request.payload().getInt(request.offset() + Integer.BYTES, LITTLE_ENDIAN));
            }
        }
    }

    private static long key(final int channel, final int subscription) {
        return (long)channel << 32 | subscription & 0xffff_ffffL;
    }

    private void serve(final Request request, final int index) {
        final HostContext context = context(descriptor.method(index), index, request.deadlineNs());
        boolean isTold = false;
        current.enter(context);
        try {
            arguments.read(request, context.method());
            context.received(arguments.metadata(), arguments.wantsStack());
            isTold = true;
            for (int i = 0; i < interceptors.size(); i++) {
                interceptors.get(i).onCall(context);
            }
            call.begin(request, context);
            service.dispatcher().dispatch(index, call);
        } catch (final WireException e) {
            onWireFailure(request, context, e, isTold);
        } catch (final Throwable e) {
            onFailure(request, context, e, isTold);
        } finally {
            current.enter(null);
            call.end();
        }
    }

    private void onWireFailure(final Request request, final HostContext context, final WireException e, final boolean isTold) {
        if (call.isAnswering()) {
            onFailure(request, context, e, isTold); // the implementation's result or event, not the guest's arguments
        } else {
            request.fail(Status.INVALID_ARGUMENT, 0, e.getMessage());
            if (isTold) {
                ended(context, Status.INVALID_ARGUMENT);
            }
        }
    }

    private void onFailure(final Request request, final HostContext context, final Throwable failure, final boolean isTold) {
        if (call.failWithheld(failure)) {
            return;
        }
        final Throwable unexpected = failures.send(request, context, failure, status -> {
            if (isTold) {
                ended(context, status);
            }
        });
        if (unexpected != null) { // the agent counts and logs it
            throw new IllegalStateException("method " + context.method() + " failed", unexpected);
        }
    }

    private HostContext context(final MethodDescriptor method, final int index, final long deadlineNs) {
        HostContext context = spareContext;
        if (context == null || !interceptors.isEmpty()) {
            context = new HostContext(info, method);
            spareContext = context;
        }
        context.begin(method, index, deadlineNs == Protocol.NO_DEADLINE ? Long.MAX_VALUE : deadlineNs);
        return context;
    }

    Arguments arguments() {
        return arguments;
    }

    FailureSender failures() {
        return failures;
    }

    Results results() {
        return results;
    }

    WireWriter writer() {
        return results.writer();
    }

    WireWriter newWriter() {
        return results.newWriter();
    }

    boolean isOnShard() {
        return Thread.currentThread() == thread;
    }

    void requireShard() {
        if (!isOnShard()) {
            throw new IllegalStateException("this is not the shard's thread: use onShard");
        }
    }

    /** Keeps the request; its context is its own from now on. */
    <T> WithheldCall<T> withhold(final Request request, final HostContext context, final ValueEncoder<T> encoder) {
        spareContext = null;
        return new WithheldCall<>(this, context, request.isSubscription() ? request.subscribe() : request.withhold(), encoder);
    }

    <T> PublishingCall<T> publish(final Request request, final HostContext context, final ValueEncoder<T> encoder) {
        final long key = key(request.channel(), arguments.subscription());
        if (!request.isSubscription() || subscriptions.containsKey(key)) {
            throw new RpcException(Status.INVALID_ARGUMENT, "the request of " + context.method() + " does not subscribe, or has the number of another one");
        }
        spareContext = null;
        final PublishingCall<T> publishing = new PublishingCall<>(this, context, request.subscribe(new Publisher()), encoder, key, arguments.credit());
        subscriptions.put(key, publishing);
        return publishing;
    }

    void forget(final long key) {
        subscriptions.remove(key);
    }

    void send(final Withheld handle, final WireWriter out, final HostContext context) {
        ended(context, results.send(handle, out, context));
    }

    /** A call of which the interceptors were told has ended. */
    void ended(final HostContext context, final Status status) {
        for (int i = interceptors.size() - 1; i >= 0; i--) {
            interceptors.get(i).onEnd(context, status);
        }
    }

    static Status status(final End why) {
        return switch (why) {
            case CANCELLED -> Status.CANCELLED;
            case DEADLINE -> Status.DEADLINE_EXCEEDED;
            case SESSION -> Status.UNAVAILABLE;
        };
    }
}
