package io.vmrpc.processor;

import io.vmrpc.processor.WireType.Enumeration;
import io.vmrpc.processor.WireType.ListOf;
import io.vmrpc.processor.WireType.OptionalOf;
import io.vmrpc.processor.WireType.Structure;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The types of a service that need generated methods. */
final class UsedTypes {
    private final Set<WireType> types = new LinkedHashSet<>();

    private UsedTypes() {
    }

    /** Enums, records, lists and optionals of all parameters and results, each once. */
    static Set<WireType> of(final List<Method> methods) {
        final UsedTypes used = new UsedTypes();
        for (final Method method : methods) {
            method.parameters().forEach(part -> used.add(part.type()));
            if (method.result() != null) {
                used.add(method.result());
            }
        }
        return used.types;
    }

    private void add(final WireType type) {
        if (type instanceof Structure structure) {
            types.add(type);
            structure.parts().forEach(part -> add(part.type()));
        } else if (type instanceof ListOf list) {
            types.add(type);
            add(list.element());
        } else if (type instanceof OptionalOf optional) {
            types.add(type);
            add(optional.element());
        } else if (type instanceof Enumeration) {
            types.add(type);
        }
    }
}
