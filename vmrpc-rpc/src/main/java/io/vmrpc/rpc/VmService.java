package io.vmrpc.rpc;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes an interface a service. The annotation processor generates beside it, for an interface {@code Plc}:
 *
 * <pre>
 *   PlcStub         what a guest calls          PlcStub.of(rpcChannel)
 *   PlcDispatcher   what a host serves          PlcDispatcher.of(implementation)
 *   PlcHost         what a host implements, if a method is {@link LongPolling} or returns a {@link Subscription}; else it implements Plc itself
 *   PlcCodec        both sides' encoding        PlcCodec.SERVICE describes the service
 * </pre>
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface VmService {
    /**
     * What guests resolve, together with the version.
     *
     * @return letters, digits, dots, hyphens and underscores, 1 to 56 of them.
     */
    String name();

    /**
     * Which generation of the interface this is. Raise it for a change that old peers cannot bear, and serve the old interface beside the new
     * one as long as there are guests that use it: each version is a service of its own.
     *
     * @return 1 to 9999.
     */
    int version() default 1;
}
