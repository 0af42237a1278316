package io.vmrpc.processor;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.NameAllocator;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeSpec;
import io.vmrpc.processor.WireType.Part;
import io.vmrpc.rpc.schema.CallStyle;
import java.util.List;
import javax.lang.model.element.Modifier;

/** Writes {@code XStub}: what a guest calls. */
final class StubWriter {
    private final Service service;
    private final ClassName name;
    private final Expressions expressions;
    private final TypeSpec.Builder stub;

    private StubWriter(final Service service) {
        this.service = service;
        name = service.generated("Stub");
        expressions = Expressions.outside(service);
        stub = Generated.type(TypeSpec.classBuilder(name), service, "Calls a {@link $T} of the host. Belongs to the thread of its channel.")
            .addModifiers(Modifier.FINAL).superclass(ParameterizedTypeName.get(Names.STUB, name)).addSuperinterface(service.type());
    }

    static TypeSpec write(final Service service) {
        final StubWriter writer = new StubWriter(service);
        writer.frame();
        service.methods().forEach(writer::method);
        return writer.stub.build();
    }

    private void frame() {
        for (int i = 0; i < service.methods().size(); i++) {
            stub.addField(FieldSpec.builder(Names.METHOD_DESCRIPTOR, service.methods().get(i).constant(), Modifier.PRIVATE, Modifier.STATIC,
                Modifier.FINAL).initializer("$T.SERVICE.method($L)", service.codec(), i).build());
        }
        if (service.methods().stream().anyMatch(Method::hasViewResult)) {
            stub.addField(FieldSpec.builder(Names.UNSAFE_BUFFER, "view", Modifier.PRIVATE, Modifier.FINAL)
                .initializer("new $T(0, 0)", Names.UNSAFE_BUFFER).build());
        }
        stub.addMethod(MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE).addParameter(Names.TRANSPORT, "transport", Modifier.FINAL)
            .addParameter(Names.OPTIONS, "options", Modifier.FINAL).addStatement("super(transport, options)").build());
        stub.addMethod(MethodSpec.methodBuilder("of").addModifiers(Modifier.PUBLIC, Modifier.STATIC).returns(name)
            .addJavadoc("Connects to the service and compares both sides' understanding of it.\n\n@param channel of the calling thread.\n" +
                "@return a stub without deadline.\n@throws $T if the host does not offer it, or differs.", Names.EXCEPTION)
            .addParameter(Names.CHANNEL, "channel", Modifier.FINAL)
            .addStatement("return new $T(channel.connect($T.SERVICE), $T.DEFAULT)", name, service.codec(), Names.OPTIONS).build());
        stub.addMethod(MethodSpec.methodBuilder("with").addAnnotation(Override.class).addModifiers(Modifier.PROTECTED).returns(name)
            .addParameter(Names.OPTIONS, "changed", Modifier.FINAL).addStatement("return new $T(transport, changed)", name).build());
    }

    private void method(final Method method) {
        final NameAllocator names = Generated.parameters(method, "out", "at", "e", "view");
        final MethodSpec.Builder code = MethodSpec.methodBuilder(method.name()).addAnnotation(Override.class).addModifiers(Modifier.PUBLIC)
            .returns(method.returnType());
        method.parameters().forEach(part -> code.addParameter(part.type().javaType(), names.get(part), Modifier.FINAL));
        method.exceptions().forEach(code::addException);
        arguments(code, method, names);
        if (method.style() == CallStyle.SUBSCRIBE) {
            code.addStatement("return transport.subscribe($L)", decoder(method));
        } else if (method.style() == CallStyle.ONEWAY) {
            code.addStatement("transport.send()");
        } else if (method.isLater()) {
            later(code, method);
        } else if (method.exceptions().isEmpty()) {
            code.addStatement(call(method));
        } else {
            translated(code, method);
        }
        stub.addMethod(code.build());
    }

    private void arguments(final MethodSpec.Builder code, final Method method, final NameAllocator names) {
        final List<Part> parameters = method.parameters();
        if (parameters.isEmpty()) {
            code.addStatement("transport.begin($L, options)", method.constant());
        } else {
            code.addStatement("final $T out = transport.begin($L, options)", Names.WRITER, method.constant());
            code.addCode(expressions.writeAll(parameters, part -> CodeBlock.of("$L", names.get(part)), "parameter "));
        }
    }

    private CodeBlock call(final Method method) {
        return method.result() == null ? CodeBlock.of("transport.call()")
            : CodeBlock.of("return $T.read$LResult(transport.call()$L)", service.codec(), method.capitalised(), method.hasViewResult() ? ", view" : "");
    }

    private CodeBlock decoder(final Method method) {
        return method.result() == null ? CodeBlock.of("in -> null")
            : method.hasViewResult() ? CodeBlock.of("in -> $T.read$LResult(in, view)", service.codec(), method.capitalised())
            : CodeBlock.of("$T::read$LResult", service.codec(), method.capitalised());
    }

    private void later(final MethodSpec.Builder code, final Method method) {
        if (method.exceptions().isEmpty()) {
            code.addStatement("return transport.callLater($L, $T.NONE)", decoder(method), Names.FAILURES);
            return;
        }
        final String translation = method.label() + "Failure";
        code.addStatement("return transport.callLater($L, $T::$L)", decoder(method), name, translation);
        final MethodSpec.Builder translating = MethodSpec.methodBuilder(translation).addModifiers(Modifier.PRIVATE, Modifier.STATIC)
            .returns(Throwable.class).addParameter(Names.EXCEPTION, "e", Modifier.FINAL);
        translate(translating, method, "return");
        stub.addMethod(translating.addStatement("return e").build());
    }

    private void translated(final MethodSpec.Builder code, final Method method) {
        code.beginControlFlow("try").addStatement(call(method)).nextControlFlow("catch (final $T e)", Names.EXCEPTION);
        translate(code, method, "throw");
        code.addStatement("throw e").endControlFlow();
    }

    private static void translate(final MethodSpec.Builder code, final Method method, final String deliver) {
        for (final ClassName exception : method.exceptions()) {
            code.beginControlFlow("if ($T.class.getName().equals(e.remoteType()))", exception)
                .addStatement("$L caused(new $T(e.getMessage()), e)", deliver, exception).endControlFlow();
        }
    }
}
