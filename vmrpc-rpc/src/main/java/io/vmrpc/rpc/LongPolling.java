package io.vmrpc.rpc;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The host answers this method later: it gets a {@link LongPoll} instead of returning a value. The guest does not see the difference; it
 * waits, parked, or has a {@link java.util.concurrent.CompletionStage}.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface LongPolling {
}
