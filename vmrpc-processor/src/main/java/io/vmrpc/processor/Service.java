package io.vmrpc.processor;

import com.palantir.javapoet.ClassName;
import java.util.List;
import java.util.stream.Collectors;
import javax.lang.model.element.TypeElement;

/** An annotated interface that was found to be in order. */
record Service(TypeElement element, ClassName type, boolean isPublic, String name, int version, List<Method> methods) {

    /** Name of a generated class: nested interfaces are joined by underscores. */
    ClassName generated(final String role) {
        return ClassName.get(type.packageName(), type.simpleNames().stream().collect(Collectors.joining("_")) + role);
    }

    ClassName codec() {
        return generated("Codec");
    }

    boolean hasHostInterface() {
        return methods.stream().anyMatch(method -> method.hostHandle() != null);
    }

    /** What the host implements. */
    ClassName hostType() {
        return hasHostInterface() ? generated("Host") : type;
    }
}
