package io.vmrpc.rpc.stub;

import io.vmrpc.rpc.wire.WireReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads a result or an event.
 *
 * @param <T> its type.
 */
@FunctionalInterface
public interface ResultDecoder<T> {
    /**
     * Reads it.
     *
     * @param in stands at its beginning.
     * @return the value; null for void.
     */
    @Nullable T decode(WireReader in);
}
