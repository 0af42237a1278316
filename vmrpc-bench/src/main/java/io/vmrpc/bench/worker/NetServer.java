package io.vmrpc.bench.worker;

import java.io.IOException;

/** Something in the guest that clients on the network measure; it listens as soon as it is there. */
interface NetServer extends AutoCloseable {
    /** Serves until the client has gone. */
    void serve() throws IOException;

    /** {@return how many messages were answered, or -1 if that is not known} */
    long served();

    @Override
    void close() throws IOException;
}
