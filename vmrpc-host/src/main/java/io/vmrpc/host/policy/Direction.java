package io.vmrpc.host.policy;

/** Who begins. */
enum Direction {
    /** The guest: connect, send. */
    OUTBOUND,
    /** Others: bind, listen. */
    INBOUND
}
