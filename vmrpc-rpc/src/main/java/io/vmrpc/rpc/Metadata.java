package io.vmrpc.rpc;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Names and values that travel with a call beside its arguments: a trace's id, a token. Immutable.
 *
 * @param values by name.
 */
public record Metadata(Map<String, String> values) {
    /** Nothing, which takes no byte on the wire. */
    public static final Metadata NONE = new Metadata(Map.of());

    /** Copies the map. */
    public Metadata {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /**
     * A value.
     *
     * @param name of it.
     * @return the value, or null.
     */
    public @Nullable String value(final String name) {
        return values.get(name);
    }

    /**
     * The same and one more.
     *
     * @param name of the value; one that is there already is replaced.
     * @param value to add.
     * @return new metadata.
     */
    public Metadata with(final String name, final String value) {
        final Map<String, String> more = new LinkedHashMap<>(values);
        more.put(name, value);
        return new Metadata(more);
    }

    /**
     * Whether there is nothing.
     *
     * @return true for none.
     */
    public boolean isEmpty() {
        return values.isEmpty();
    }
}
