package io.vmrpc.netty;

import io.netty.channel.IoHandle;

/** What a {@link VmrpcIoHandler} serves: the channels of this package, and lookups. */
interface VmrpcIoHandle extends IoHandle {
    @Override
    void close();
}
