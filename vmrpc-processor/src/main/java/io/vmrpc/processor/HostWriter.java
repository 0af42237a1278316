package io.vmrpc.processor;

import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import javax.lang.model.element.Modifier;

/** Writes {@code XHost}: what a host implements where methods are answered later or by events. */
final class HostWriter {
    private HostWriter() {
    }

    static TypeSpec write(final Service service) {
        final TypeSpec.Builder host = Generated.type(TypeSpec.interfaceBuilder(service.generated("Host")), service,
            "The host's side of {@link $T}: replies that are withheld, and events, have a handle instead of a result. Called on the shards' threads.");
        for (final Method method : service.methods()) {
            final MethodSpec.Builder code = MethodSpec.methodBuilder(method.name()).addModifiers(Modifier.PUBLIC, Modifier.ABSTRACT)
                .returns(method.hostReturnType());
            method.parameters().forEach(part -> code.addParameter(part.type().javaType(), part.name()));
            if (method.hostHandle() != null) {
                final String handle = method.style() == io.vmrpc.rpc.schema.CallStyle.SUBSCRIBE ? "publisher" : "reply";
                final boolean isTaken = method.parameters().stream().anyMatch(part -> part.name().equals(handle));
                code.addParameter(method.hostHandle(), isTaken ? handle + "_" : handle);
            }
            method.exceptions().forEach(code::addException);
            host.addMethod(code.build());
        }
        return host.build();
    }
}
