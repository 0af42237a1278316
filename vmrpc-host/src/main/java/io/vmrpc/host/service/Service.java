package io.vmrpc.host.service;

import io.netty.channel.IoEventLoop;

/** Code that guests call by name. Called on the shard's thread; with several shards, by each of them: one instance must bear that. */
public interface Service {
    /**
     * What a guest resolves.
     *
     * @return name of 1 to 64 bytes in UTF-8, unique in the agent.
     */
    String name();

    /**
     * Takes a request: replies, fails, withholds or subscribes before it returns. It must not block. What it throws is logged and
     * completes the request with INTERNAL.
     *
     * @param request valid until this method returns; so is its payload.
     */
    void onRequest(Request request);

    /**
     * The part of this service that serves one session, for services that keep something for each. Called on the session's shard before
     * its first request.
     *
     * @param session that begins to use this service.
     * @param loop of the shard, for services with descriptors of their own; driven by the thread that calls this.
     * @return takes this session's requests and its end; unless overridden, this service itself.
     */
    default Service forSession(final SessionInfo session, final IoEventLoop loop) {
        return this;
    }

    /**
     * The shard has nothing else to do and is about to sleep: the place to look for what would otherwise cost the sleep and an event. It must
     * not block. Called only on what {@link #forSession} returned.
     *
     * @return how much there was to do; 0: nothing, the shard may sleep.
     */
    default int beforeSleep() {
        return 0;
    }

    /**
     * A session is gone, however it ended; its outstanding requests were told before.
     *
     * @param session that ended.
     */
    default void onSessionEnd(final SessionInfo session) {
    }
}
