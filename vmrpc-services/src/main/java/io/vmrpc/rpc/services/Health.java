package io.vmrpc.rpc.services;

import io.vmrpc.rpc.Subscription;
import io.vmrpc.rpc.VmService;

/** Whether the host's services can do their work. */
@VmService(name = "vmrpc.health")
public interface Health {
    /**
     * Asks once.
     *
     * @param service name and version, as in {@code plc@1}; empty: the host as a whole.
     * @return its state.
     */
    Serving check(String service);

    /**
     * Asks to be told.
     *
     * @param service name and version, as in {@code plc@1}; empty: the host as a whole.
     * @return its state now, and again when it changes; of changes that come faster than they are taken only the last.
     */
    Subscription<Serving> watch(String service);

    /** The states of a service. */
    enum Serving {
        /** The host does not offer it. */
        SERVICE_UNKNOWN,
        /** It works. */
        SERVING,
        /** It is there but cannot do its work now. */
        NOT_SERVING
    }
}
