package io.vmrpc.host.rpc;

import io.netty.channel.IoEventLoop;
import io.vmrpc.host.service.Request;
import io.vmrpc.host.service.Service;
import io.vmrpc.host.service.SessionInfo;
import io.vmrpc.rpc.ServerInterceptor;
import io.vmrpc.rpc.schema.ServiceDescriptor;
import io.vmrpc.rpc.stub.ServiceDispatcher;
import java.util.ArrayList;
import java.util.List;

/**
 * Serves a typed service. Fluent; to be set up before it is given to an agent, any number of shards of which may use one instance.
 *
 * <pre>{@code
 * Agent.launch(new AgentContext().region(path).service(RpcService.of(PlcDispatcher.of(new Machine()))));
 * }</pre>
 */
public final class RpcService implements Service {
    /** 1 MiB and something for what comes with the data. */
    public static final int DEFAULT_MAX_MESSAGE = (1 << 20) + (1 << 16);
    private static final int MAX_MAX_MESSAGE = 1 << 30;
    private final ServiceDispatcher dispatcher;
    private final List<ServerInterceptor> interceptors = new ArrayList<>();
    private int maxMessageBytes = DEFAULT_MAX_MESSAGE;
    private boolean showsStacks;

    private RpcService(final ServiceDispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    /**
     * Serves an implementation.
     *
     * @param dispatcher generated, for example {@code PlcDispatcher.of(new Machine())}.
     * @return a service for {@link io.vmrpc.host.AgentContext#service}.
     */
    public static RpcService of(final ServiceDispatcher dispatcher) {
        return new RpcService(dispatcher);
    }

    /**
     * Bounds the arguments of one call and the result of one call. A session holds at most four times as much of arguments that come in parts,
     * and as much again of results that go so.
     *
     * @param bytes 1024 to 2^30; {@link #DEFAULT_MAX_MESSAGE} unless set.
     * @return this.
     */
    public RpcService maxMessageBytes(final int bytes) {
        if (bytes < 1024 || bytes > MAX_MAX_MESSAGE) {
            throw new IllegalArgumentException("maxMessageBytes=" + bytes + " must be 1024 to " + MAX_MAX_MESSAGE);
        }
        maxMessageBytes = bytes;
        return this;
    }

    /**
     * Whether guests that ask for it get the stack traces of failures. They tell about the host: for guests that are trusted.
     *
     * @param shows false unless set.
     * @return this.
     */
    public RpcService showsStacks(final boolean shows) {
        showsStacks = shows;
        return this;
    }

    /**
     * Adds an interceptor.
     *
     * @param interceptor called on the shards' threads.
     * @return this.
     */
    public RpcService intercept(final ServerInterceptor interceptor) {
        interceptors.add(interceptor);
        return this;
    }

    /**
     * What is served.
     *
     * @return name, version, methods.
     */
    public ServiceDescriptor descriptor() {
        return dispatcher.service();
    }

    ServiceDispatcher dispatcher() {
        return dispatcher;
    }

    List<ServerInterceptor> interceptors() {
        return interceptors;
    }

    int limit() {
        return maxMessageBytes;
    }

    boolean hasVisibleStacks() {
        return showsStacks;
    }

    @Override
    public String name() {
        return dispatcher.service().wireName();
    }

    @Override
    public Service forSession(final SessionInfo session, final IoEventLoop loop) {
        return new RpcSession(this, session);
    }

    @Override
    public void onRequest(final Request request) {
        throw new IllegalStateException("requests go to what forSession returned");
    }
}
