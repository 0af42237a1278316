package io.vmrpc.processor;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.NameAllocator;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import io.vmrpc.processor.WireType.Bytes;
import io.vmrpc.processor.WireType.Part;
import io.vmrpc.rpc.schema.CallStyle;
import java.util.List;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;

/** Writes {@code XDispatcher}: brings a call to the host's implementation. */
final class DispatcherWriter {
    private final Service service;
    private final ClassName name;
    private final Expressions expressions;
    private final TypeSpec.Builder dispatcher;

    private DispatcherWriter(final Service service) {
        this.service = service;
        name = service.generated("Dispatcher");
        expressions = Expressions.outside(service);
        dispatcher = Generated.type(TypeSpec.classBuilder(name), service, "Brings calls of guests to the host's {@link $T}.")
            .addModifiers(Modifier.FINAL).superclass(Names.DISPATCHER)
            .addField(service.hostType(), "implementation", Modifier.PRIVATE, Modifier.FINAL);
    }

    static TypeSpec write(final Service service) {
        final DispatcherWriter writer = new DispatcherWriter(service);
        writer.frame();
        writer.declares();
        service.methods().forEach(writer::method);
        return writer.dispatcher.build();
    }

    private void frame() {
        dispatcher.addMethod(MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE)
            .addParameter(service.hostType(), "implementation", Modifier.FINAL)
            .addStatement("super($T.SERVICE)", service.codec()).addStatement("this.implementation = implementation").build());
        dispatcher.addMethod(MethodSpec.methodBuilder("of").addModifiers(Modifier.PUBLIC, Modifier.STATIC).returns(name)
            .addJavadoc("Serves an implementation.\n\n@param implementation is called on the shards' threads and must not block.\n@return a dispatcher for a host.")
            .addParameter(service.hostType(), "implementation", Modifier.FINAL)
            .addStatement("return new $T(implementation)", name).build());
        final MethodSpec.Builder dispatch = MethodSpec.methodBuilder("dispatch").addAnnotation(Override.class).addModifiers(Modifier.PUBLIC)
            .addParameter(TypeName.INT, "method", Modifier.FINAL).addParameter(Names.HOST_CALL, "call", Modifier.FINAL)
            .addException(Exception.class).beginControlFlow("switch (method)");
        for (int i = 0; i < service.methods().size(); i++) {
            dispatch.addStatement("case $L -> $L(call)", i, service.methods().get(i).label());
        }
        dispatcher.addMethod(dispatch.addStatement("default -> throw new $T($S + method)", IllegalArgumentException.class, "no method has index ")
            .endControlFlow().build());
    }

    private void declares() {
        if (service.methods().stream().allMatch(method -> method.exceptions().isEmpty())) {
            return;
        }
        final MethodSpec.Builder declared = MethodSpec.methodBuilder("declared").addAnnotation(Override.class).addModifiers(Modifier.PUBLIC)
            .returns(String.class).addParameter(TypeName.INT, "method", Modifier.FINAL).addParameter(Throwable.class, "failure", Modifier.FINAL);
        for (int i = 0; i < service.methods().size(); i++) {
            for (final ClassName exception : service.methods().get(i).exceptions()) {
                declared.beginControlFlow("if (method == $L && failure instanceof $T)", i, exception)
                    .addStatement("return $T.class.getName()", exception).endControlFlow();
            }
        }
        dispatcher.addMethod(declared.addStatement("return null").build());
    }

    private void method(final Method method) {
        final NameAllocator names = Generated.parameters(method, "call", "in", "result");
        final MethodSpec.Builder code = MethodSpec.methodBuilder(method.label()).addModifiers(Modifier.PRIVATE)
            .addParameter(Names.HOST_CALL, "call", Modifier.FINAL).addException(Exception.class);
        if (!method.parameters().isEmpty()) {
            final List<Part> views = method.parameters().stream().filter(part -> part.type() == Bytes.BUFFER).toList();
            code.addStatement("final $T in = call.arguments()", Names.READER);
            code.addCode(expressions.readAll(method.parameters(), names::get, part -> CodeBlock.of("call.view($L)", views.indexOf(part)), "parameter "));
        }
        final String arguments = method.parameters().stream().map(names::get).collect(Collectors.joining(", "));
        final CodeBlock invocation = CodeBlock.of("implementation.$L($L)", method.name(), arguments);
        if (method.hostHandle() != null) {
            code.addStatement("implementation.$L($L$Lcall.$L($L))", method.name(), arguments, arguments.isEmpty() ? "" : ", ",
                method.style() == CallStyle.SUBSCRIBE ? "publish" : "withhold", encoder(method));
        } else if (method.isLater()) {
            code.addStatement("call.sendLater($L, $L)", invocation, encoder(method));
        } else if (method.result() == null) {
            code.addStatement(invocation).addStatement("call.sendNothing()");
        } else {
            code.addStatement("final $T result = $L", method.result().javaType(), invocation)
                .addStatement("$T.write$LResult(call.reply(), result)", service.codec(), method.capitalised())
                .addStatement("call.send()");
        }
        dispatcher.addMethod(code.build());
    }

    private CodeBlock encoder(final Method method) {
        return method.result() == null ? CodeBlock.of("(out, value) -> { }")
            : method.result() instanceof WireType.Primitive
            ? CodeBlock.of("(out, value) -> $T.write$LResult(out, out.require(value, $S))", service.codec(), method.capitalised(), "the result")
            : CodeBlock.of("$T::write$LResult", service.codec(), method.capitalised());
    }
}
