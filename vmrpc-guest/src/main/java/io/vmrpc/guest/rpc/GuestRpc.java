package io.vmrpc.guest.rpc;

import io.vmrpc.error.Status;
import io.vmrpc.error.StatusException;
import io.vmrpc.guest.Channel;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.rpc.ClientInterceptor;
import io.vmrpc.rpc.RpcChannel;
import io.vmrpc.rpc.RpcException;
import io.vmrpc.rpc.schema.ServiceDescriptor;
import io.vmrpc.rpc.stub.StubTransport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.agrona.concurrent.ManyToOneConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A guest's typed calls over one channel; belongs to the channel's thread.
 *
 * <pre>{@code
 * try (VmrpcGuest guest = VmrpcGuest.connect(); RealTimeVcpu vcpu = guest.bind(new VcpuContext()); GuestRpc rpc = guest.openRpc(vcpu)) {
 *     Plc plc = PlcStub.of(rpc).withDeadline(Duration.ofMillis(5));
 *     plc.setOutput(3, true);   // the vCPU is parked until the reply is there
 * }
 * }</pre>
 *
 * <p>A synchronous call waits here. What is answered later (a {@link CompletionStage}, a subscription) arrives while this thread is in a
 * synchronous call, in {@link #poll}, {@link #await} or {@link #join}.
 */
public final class GuestRpc implements RpcChannel, AutoCloseable {
    private final VmrpcGuest guest;
    private final Channel channel;
    private final boolean ownsChannel;
    private final List<ClientInterceptor> interceptors = new ArrayList<>();
    private final Outgoing outgoing;
    private final ReplyBuffer reply;
    /** Put in by any thread, taken out by the channel's. */
    private final ManyToOneConcurrentLinkedQueue<FutureReply<?>> cancelled = new ManyToOneConcurrentLinkedQueue<>();
    private @Nullable Outgoing nested;
    private int transfers;

    private GuestRpc(final VmrpcGuest guest, final Channel channel, final boolean ownsChannel) {
        this.guest = guest;
        this.channel = channel;
        this.ownsChannel = ownsChannel;
        outgoing = new Outgoing(this);
        reply = new ReplyBuffer(channel.payloadCapacity());
    }

    /**
     * Calls over a channel that is used for other things, too.
     *
     * @param guest that the channel belongs to.
     * @param channel of the calling thread.
     * @return typed calls over it; closing them leaves the channel open.
     */
    public static GuestRpc over(final VmrpcGuest guest, final Channel channel) {
        return new GuestRpc(guest, channel, false);
    }

    /**
     * Calls over a channel of their own.
     *
     * @param guest that the channel belongs to.
     * @param channel of the calling thread; closed with the calls.
     * @return typed calls over it.
     */
    public static GuestRpc owning(final VmrpcGuest guest, final Channel channel) {
        return new GuestRpc(guest, channel, true);
    }

    /**
     * Adds an interceptor to all stubs of this channel.
     *
     * @param interceptor sees calls that begin from now on.
     * @return this.
     */
    public GuestRpc intercept(final ClientInterceptor interceptor) {
        interceptors.add(interceptor);
        return this;
    }

    @Override
    public StubTransport connect(final ServiceDescriptor service) {
        return ServiceConnection.open(this, service);
    }

    /**
     * Hands over what has arrived.
     *
     * @return how many completions.
     */
    public int poll() {
        cancelAtHost();
        return channel.poll();
    }

    /**
     * Waits until something has arrived and was handed over.
     *
     * @param deadlineNs {@link System#nanoTime()} to wait until, or {@link Long#MAX_VALUE}.
     * @return false if the deadline came first.
     */
    public boolean await(final long deadlineNs) {
        cancelAtHost();
        final boolean hasCome = channel.await(deadlineNs);
        cancelAtHost(); // what another thread may have ended the wait for
        return hasCome;
    }

    /**
     * Waits for a stage of this channel, which {@code CompletableFuture.join} cannot do on the channel's own thread.
     *
     * @param stage that a stub has returned, or one that follows from it.
     * @param <T> type of its result.
     * @return the result.
     * @throws CompletionException with the failure as its cause.
     */
    public <T> T join(final CompletionStage<T> stage) {
        final CompletableFuture<T> future = stage.toCompletableFuture();
        while (!future.isDone()) {
            await(Long.MAX_VALUE);
        }
        try {
            return future.join();
        } catch (final CancellationException e) {
            throw new CompletionException(new RpcException(Status.CANCELLED, "the call was cancelled"));
        }
    }

    /**
     * The channel that carries the calls.
     *
     * @return belongs to the same thread.
     */
    public Channel channel() {
        return channel;
    }

    /** The service's number, or -1. */
    int resolve(final String name) {
        try {
            return guest.resolve(name);
        } catch (final StatusException e) {
            if (e.status() == Status.NOT_FOUND) {
                return -1;
            }
            throw e;
        }
    }

    /** For any thread. */
    void cancelSoon(final FutureReply<?> reply) {
        cancelled.add(reply);
        channel.wakeup();
    }

    /** Tells the host of stages that other threads have cancelled. */
    void cancelAtHost() {
        while (!cancelled.isEmpty() && channel.hasSpace()) {
            cancelled.poll().cancelAtHost();
        }
    }

    List<ClientInterceptor> interceptors() {
        return interceptors;
    }

    /** Tells interceptors of the end of calls. */
    Outgoing outgoing() {
        return outgoing;
    }

    /** A number for arguments that are sent in parts: a listener may send others between them. */
    int nextTransfer() {
        return transfers++;
    }

    /** What the next call is written with: a listener may begin one while another waits for space. */
    Outgoing freeOutgoing() {
        if (!outgoing.isSending()) {
            return outgoing;
        }
        if (nested == null || nested.isSending()) {
            nested = new Outgoing(this);
        }
        return nested;
    }

    ReplyBuffer reply() {
        return reply;
    }

    /** Closes the channel, if it is these calls' own: what is outstanding fails. */
    @Override
    public void close() {
        if (ownsChannel) {
            channel.close();
        }
    }
}
