package io.vmrpc.rpc.stub;

import io.vmrpc.rpc.schema.ServiceDescriptor;
import org.jspecify.annotations.Nullable;

/** Base of generated dispatchers: brings a call to the implementation's method. */
public abstract class ServiceDispatcher {
    private final ServiceDescriptor service;

    /**
     * For generated code.
     *
     * @param service as the host was compiled with.
     */
    protected ServiceDispatcher(final ServiceDescriptor service) {
        this.service = service;
    }

    /**
     * What is served.
     *
     * @return name, version, methods.
     */
    public final ServiceDescriptor service() {
        return service;
    }

    /**
     * Carries a call out. On the shard's thread.
     *
     * @param method its place in {@link ServiceDescriptor#methods}.
     * @param call arguments and reply.
     * @throws Exception that the implementation throws.
     */
    public abstract void dispatch(int method, HostCall call) throws Exception;

    /**
     * Whether the guest may see an exception as it is.
     *
     * @param method its place in {@link ServiceDescriptor#methods}.
     * @param failure that was thrown.
     * @return name of the class that the method declares for it, or null if it declares none.
     */
    public @Nullable String declared(final int method, final Throwable failure) {
        return null;
    }
}
