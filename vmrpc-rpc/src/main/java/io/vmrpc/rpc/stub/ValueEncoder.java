package io.vmrpc.rpc.stub;

import io.vmrpc.rpc.wire.WireWriter;
import org.jspecify.annotations.Nullable;

/**
 * Writes a result or an event.
 *
 * @param <T> its type.
 */
@FunctionalInterface
public interface ValueEncoder<T> {
    /**
     * Writes it.
     *
     * @param out stands where it begins.
     * @param value to write; null for void.
     */
    void encode(WireWriter out, @Nullable T value);
}
