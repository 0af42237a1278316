package io.vmrpc.host.file;

import io.netty.channel.IoEventLoop;
import io.vmrpc.file.FileProtocol;
import io.vmrpc.host.policy.Policy;
import io.vmrpc.host.service.Request;
import io.vmrpc.host.service.Service;
import io.vmrpc.host.service.SessionInfo;

/** Gives guests the folders of this host that the operator's policy exports to them. Any number of shards may use one instance. */
public final class FileService implements Service {
    private final Policy policy;

    /**
     * Creates the service.
     *
     * @param policy which folders each guest may use.
     */
    public FileService(final Policy policy) {
        this.policy = policy;
    }

    @Override
    public String name() {
        return FileProtocol.SERVICE;
    }

    @Override
    public Service forSession(final SessionInfo session, final IoEventLoop loop) {
        return new SessionFiles(session, policy.forRegion(session.region()).exports(), loop);
    }

    @Override
    public void onRequest(final Request request) {
        throw new IllegalStateException("requests go to what forSession returned");
    }
}
