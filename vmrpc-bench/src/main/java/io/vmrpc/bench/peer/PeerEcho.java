package io.vmrpc.bench.peer;

import io.vmrpc.rpc.VmService;
import org.agrona.DirectBuffer;

/** The typed service of the bench. */
@VmService(name = "peer-echo")
interface PeerEcho {
    DirectBuffer echo(DirectBuffer bytes);
}
