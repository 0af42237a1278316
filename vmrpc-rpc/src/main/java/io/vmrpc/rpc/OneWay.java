package io.vmrpc.rpc;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Fire and forget: the call returns when the request is in the ring. Nothing answers; a failure in the host is logged and counted there. For
 * methods that return void and declare no exceptions.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface OneWay {
}
