package io.vmrpc.netty;

import io.netty.channel.IoEvent;
import io.netty.channel.IoOps;

/** What a handle is told of its socket; submitted to a registration, it is told again in the loop's next turn. */
enum VmrpcIoEvent implements IoEvent, IoOps {
    /** A connection that was begun is there, or failed. */
    CONNECTED,
    /** Data, connections, an end or an error may be there. */
    READABLE,
    /** A write is worth another try. */
    WRITABLE,
    /** The socket is of no use any more. */
    FAILED
}
