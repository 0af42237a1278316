package io.vmrpc.rpc;

import io.vmrpc.rpc.schema.ServiceDescriptor;
import io.vmrpc.rpc.stub.StubTransport;

/** A guest's way to typed services; belongs to one thread. Stubs are made from it: {@code PlcStub.of(channel)}. */
public interface RpcChannel {
    /**
     * Finds a service and compares what guest and host understand of it. Called by generated code.
     *
     * @param service as the guest was compiled with.
     * @return sends calls to it.
     * @throws RpcException NOT_FOUND or FAILED_PRECONDITION: the host has no such service, not this version of it, or a method that differs;
     *     the message names it and says what to do.
     */
    StubTransport connect(ServiceDescriptor service);
}
