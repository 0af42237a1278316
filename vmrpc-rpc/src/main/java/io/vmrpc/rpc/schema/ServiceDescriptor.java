package io.vmrpc.rpc.schema;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a peer was compiled with: a service's name, version and methods.
 *
 * @param name of the service.
 * @param version of the interface.
 * @param methods in the order of the interface.
 */
public record ServiceDescriptor(String name, int version, List<MethodDescriptor> methods) {
    /**
     * Reads a description.
     *
     * @param name of the service.
     * @param version of the interface.
     * @param lines one for each method, as {@link MethodDescriptor#text} writes them.
     * @return the service.
     */
    public static ServiceDescriptor of(final String name, final int version, final String... lines) {
        final List<MethodDescriptor> methods = new ArrayList<>();
        for (final String line : lines) {
            methods.add(MethodDescriptor.parse(name + "@" + version, line));
        }
        return new ServiceDescriptor(name, version, List.copyOf(methods));
    }

    /**
     * What is resolved: each version is a service of its own.
     *
     * @return for example {@code calc@1}.
     */
    public String wireName() {
        return name + "@" + version;
    }

    /**
     * A method by its place.
     *
     * @param index from 0.
     * @return the method.
     */
    public MethodDescriptor method(final int index) {
        return methods.get(index);
    }

    /**
     * A method by its number.
     *
     * @param id on the wire.
     * @return the method, or null.
     */
    public @Nullable MethodDescriptor byId(final int id) {
        for (final MethodDescriptor method : methods) {
            if (method.id() == id) {
                return method;
            }
        }
        return null;
    }
}
