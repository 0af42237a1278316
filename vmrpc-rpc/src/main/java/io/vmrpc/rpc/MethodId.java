package io.vmrpc.rpc;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Fixes a method's number on the wire, which otherwise comes from its name. For overloaded methods, for names whose numbers collide, and to
 * rename a method that old peers call.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface MethodId {
    /**
     * The number; {@link io.vmrpc.rpc.wire.RpcProtocol#methodId} of the old name keeps a renamed method's.
     *
     * @return 0 to 65519, unique in the service.
     */
    int value();
}
