package io.vmrpc.host.socket;

import io.netty.channel.IoEventLoop;
import io.vmrpc.host.policy.Policy;
import io.vmrpc.host.service.Request;
import io.vmrpc.host.service.Service;
import io.vmrpc.host.service.SessionInfo;
import io.vmrpc.socket.SocketProtocol;

/** Gives guests the host's sockets, as far as the operator's policy lets them. Any number of shards may use one instance. */
public final class SocketService implements Service {
    private final Policy policy;

    /**
     * Creates the service.
     *
     * @param policy what each guest may reach.
     */
    public SocketService(final Policy policy) {
        this.policy = policy;
    }

    @Override
    public String name() {
        return SocketProtocol.SERVICE;
    }

    @Override
    public Service forSession(final SessionInfo session, final IoEventLoop loop) {
        return new SessionSockets(session, policy.forRegion(session.region()), loop);
    }

    @Override
    public void onRequest(final Request request) {
        throw new IllegalStateException("requests go to what forSession returned");
    }
}
