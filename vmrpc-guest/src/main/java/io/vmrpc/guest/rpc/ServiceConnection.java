package io.vmrpc.guest.rpc;

import io.vmrpc.error.Status;
import io.vmrpc.error.StatusException;
import io.vmrpc.layout.Protocol;
import io.vmrpc.rpc.CallOptions;
import io.vmrpc.rpc.RpcException;
import io.vmrpc.rpc.Subscription;
import io.vmrpc.rpc.schema.MethodDescriptor;
import io.vmrpc.rpc.schema.ServiceDescriptor;
import io.vmrpc.rpc.stub.FailureDecoder;
import io.vmrpc.rpc.stub.ResultDecoder;
import io.vmrpc.rpc.stub.StubTransport;
import io.vmrpc.rpc.wire.WireReader;
import io.vmrpc.rpc.wire.WireWriter;
import java.util.concurrent.CompletionStage;
import org.agrona.collections.IntHashSet;

/** A service of the host, over one channel. */
final class ServiceConnection implements StubTransport {
    private final GuestRpc rpc;
    private final String name;
    private final int number;
    private final int limit;
    private final IntHashSet missing;
    private MethodDescriptor method;
    private Outgoing outgoing;
    private int subscriptions;

    private ServiceConnection(final GuestRpc rpc, final ServiceDescriptor service, final HostDescription host) {
        this.rpc = rpc;
        name = service.wireName();
        number = host.number();
        limit = host.limit();
        missing = host.missing(service);
        method = service.method(0);
        outgoing = rpc.outgoing();
    }

    static ServiceConnection open(final GuestRpc rpc, final ServiceDescriptor service) {
        final HostDescription host = HostDescription.fetch(rpc, service.name(), service.version());
        host.check(service);
        return new ServiceConnection(rpc, service, host);
    }

    String name() {
        return name;
    }

    int limit() {
        return limit;
    }

    int operation(final int id) {
        return Protocol.operation(number, id);
    }

    GuestRpc rpc() {
        return rpc;
    }

    @Override
    public WireWriter begin(final MethodDescriptor called, final CallOptions options) {
        if (!missing.isEmpty() && missing.contains(called.id())) {
            throw new RpcException(Status.UNIMPLEMENTED, "the host's " + name + " has no method " + called.name() +
                ": it is older than this guest; update it, or do without the method");
        }
        method = called;
        rpc.cancelAtHost();
        outgoing = rpc.freeOutgoing();
        return outgoing.begin(called, options);
    }

    @Override
    public WireReader call() {
        final MethodDescriptor called = method;
        final ReplyBuffer reply = rpc.reply();
        final Outgoing sending = outgoing;
        Status status = Status.UNKNOWN;
        reply.begin(called);
        try {
            sending.call(this, called.id(), flags(called), reply);
            status = Status.OK;
        } catch (final StatusException e) {
            status = e.status();
            throw new RpcException(e.status(), Failures.deadline(called));
        } finally {
            reply.end();
            sending.end(reply.failure() instanceof RpcException failed ? failed.status() : status);
        }
        final RuntimeException failure = reply.failure();
        if (failure != null) {
            throw failure;
        }
        return reply.reader(called);
    }

    /** A reply that may need more than one record is asked for as a subscription, which can have several. */
    private int flags(final MethodDescriptor called) {
        return called.maxReply() > rpc.channel().payloadCapacity() ? Protocol.SUBMIT_SUBSCRIBE : 0;
    }

    @Override
    public void send() {
        final Outgoing sending = outgoing;
        sending.send(this, method.id());
        sending.end(Status.OK);
    }

    @Override
    public <T> CompletionStage<T> callLater(final ResultDecoder<T> decoder, final FailureDecoder failures) {
        final FutureReply<T> future = new FutureReply<>(this, method, decoder, failures, outgoing.takeCall());
        future.sent(outgoing.submit(this, method.id(), flags(method), future));
        return future.future();
    }

    @Override
    public <T> Subscription<T> subscribe(final ResultDecoder<T> decoder) {
        final int subscription = subscriptions++;
        outgoing.number(subscription);
        final EventSubscription<T> events = new EventSubscription<>(this, method, subscription, decoder, outgoing.window(), outgoing.takeCall());
        events.sent(outgoing.submit(this, method.id(), Protocol.SUBMIT_SUBSCRIBE, events));
        return events;
    }
}
