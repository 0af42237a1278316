package io.vmrpc.processor;

import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.NameAllocator;
import com.palantir.javapoet.TypeSpec;
import io.vmrpc.processor.WireType.Part;
import javax.lang.model.element.Modifier;

/** What generated classes have in common. */
final class Generated {
    private Generated() {
    }

    /** Javadoc, annotation and visibility. */
    static TypeSpec.Builder type(final TypeSpec.Builder type, final Service service, final String purpose) {
        type.addJavadoc(purpose, service.type()).addOriginatingElement(service.element())
            .addAnnotation(AnnotationSpec.builder(javax.annotation.processing.Generated.class)
                .addMember("value", "$S", ServiceProcessor.class.getName()).build());
        return service.isPublic() ? type.addModifiers(Modifier.PUBLIC) : type;
    }

    /** Names of a method's parameters that do not clash with those of the generated code. */
    static NameAllocator parameters(final Method method, final String... reserved) {
        final NameAllocator names = new NameAllocator();
        for (final String each : reserved) {
            names.newName(each, each);
        }
        for (final Part part : method.parameters()) {
            names.newName(part.name(), part);
        }
        return names;
    }
}
