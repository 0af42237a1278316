package io.vmrpc.rpc.schema;

/** How a method is answered, as far as both sides have to agree on it. */
public enum CallStyle {
    /** By one reply, now or later. */
    CALL,
    /** Not at all. */
    ONEWAY,
    /** By events, until one side ends them. */
    SUBSCRIBE
}
