package io.vmrpc.host.service;

/** Told when a request ends without its service. */
@FunctionalInterface
public interface EndListener {
    /**
     * The request has ended and cannot be answered any more. Called once, on the shard's thread.
     *
     * @param handle that the service held; it is no longer outstanding and may be used for another request.
     * @param why it ended.
     */
    void onEnd(Withheld handle, End why);
}
