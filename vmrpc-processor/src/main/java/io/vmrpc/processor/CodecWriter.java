package io.vmrpc.processor;

import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.NameAllocator;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import io.vmrpc.processor.WireType.Enumeration;
import io.vmrpc.processor.WireType.ListOf;
import io.vmrpc.processor.WireType.OptionalOf;
import io.vmrpc.processor.WireType.Part;
import io.vmrpc.processor.WireType.Structure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import javax.lang.model.element.Modifier;

/** Writes {@code XCodec}: the description of the service, and how its records, lists, optionals and results are read and written. */
final class CodecWriter {
    private static final CodeBlock FIELD = CodeBlock.of("field");
    private static final CodeBlock NO_VIEW = CodeBlock.of("");
    private final Service service;
    private final TypeSpec.Builder codec;
    private final Expressions expressions = Expressions.inside();

    private CodecWriter(final Service service) {
        this.service = service;
        codec = Generated.type(TypeSpec.classBuilder(service.codec()), service, "How the arguments and results of {@link $T} travel.")
            .addModifiers(Modifier.FINAL);
    }

    static TypeSpec write(final Service service) {
        final CodecWriter writer = new CodecWriter(service);
        writer.description();
        UsedTypes.of(service.methods()).forEach(writer::type);
        service.methods().stream().filter(method -> method.result() != null).forEach(writer::result);
        return writer.codec.build();
    }

    private void description() {
        final CodeBlock.Builder lines = CodeBlock.builder().add("$T.of($S, $L", Names.SERVICE_DESCRIPTOR, service.name(), service.version());
        service.methods().forEach(method -> lines.add(",\n$S", method.text()));
        codec.addField(FieldSpec.builder(Names.SERVICE_DESCRIPTOR, "SERVICE", Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
            .addJavadoc("The service as this side was compiled with.").initializer(lines.add(")").build()).build());
        codec.addMethod(MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE).build());
    }

    private void type(final WireType type) {
        if (type instanceof Enumeration enumeration) {
            codec.addField(FieldSpec.builder(ArrayTypeName.of(enumeration.javaType()), enumeration.constantsField(), Modifier.STATIC, Modifier.FINAL)
                .initializer("$T.values()", enumeration.javaType()).build());
        } else if (type instanceof Structure structure) {
            structure(structure);
        } else if (type instanceof ListOf list) {
            list(list);
        } else if (type instanceof OptionalOf optional) {
            optional(optional);
        }
    }

    private void structure(final Structure type) {
        codec.addMethod(writing(type).addStatement("out.require(value, field)").addStatement("final int start = out.position()")
            .addStatement("write$LFields(out, value)", type.label()).addStatement("out.endVariable(slot, start)").build());
        codec.addMethod(reading(type).addStatement("in.enter(offset, field)")
            .addStatement("final $T value = read$LFields(in)", type.javaType(), type.label())
            .addStatement("in.leave()").addStatement("return value").build());
        final String prefix = type.javaType().simpleName() + ".";
        codec.addMethod(MethodSpec.methodBuilder("write" + type.label() + "Fields").addModifiers(Modifier.STATIC)
            .addParameter(Names.WRITER, "out", Modifier.FINAL).addParameter(type.javaType(), "value", Modifier.FINAL)
            .addCode(expressions.writeAll(type.parts(), part -> CodeBlock.of("value.$L()", part.name()), prefix)).build());
        final NameAllocator names = names("in");
        final List<String> values = new ArrayList<>();
        type.parts().forEach(part -> values.add(names.newName(part.name(), part)));
        codec.addMethod(MethodSpec.methodBuilder("read" + type.label() + "Fields").addModifiers(Modifier.STATIC).returns(type.javaType())
            .addParameter(Names.READER, "in", Modifier.FINAL)
            .addCode(expressions.readAll(type.parts(), names::get, part -> NO_VIEW, prefix))
            .addStatement("return new $T($L)", type.javaType(), String.join(", ", values)).build());
    }

    private void list(final ListOf type) {
        final WireType element = type.element();
        codec.addMethod(writing(type).addStatement("final int start = out.position()")
            .addStatement("out.putInt(out.append($L), out.require(value, field).size())", Integer.BYTES)
            .beginControlFlow("for (final $T each : value)", element.javaType().box())
            .addStatement("final int element = out.append($L)", element.slot())
            .addStatement(expressions.write(element, CodeBlock.of("element"), CodeBlock.of("each"), FIELD))
            .endControlFlow().addStatement("out.endVariable(slot, start)").build());
        codec.addMethod(reading(type).addStatement("in.enter(offset, field)")
            .addStatement("final int count = in.count($L, field)", element.slot())
            .addStatement("final $T value = new $T<>(count)", type.javaType(), ArrayList.class)
            .beginControlFlow("for (int i = 0; i < count; i++)")
            .addStatement("in.element($L, field)", element.slot())
            .addStatement("value.add($L)", expressions.read(element, 0, FIELD, NO_VIEW))
            .endControlFlow().addStatement("in.leave()").addStatement("return $T.unmodifiableList(value)", Collections.class).build());
    }

    private void optional(final OptionalOf type) {
        final WireType element = type.element();
        codec.addMethod(writing(type).beginControlFlow("if (out.require(value, field).isEmpty())")
            .addStatement("out.putAbsent(slot)").addStatement("return").endControlFlow()
            .addStatement("final int start = out.position()").addStatement("final int element = out.append($L)", element.slot())
            .addStatement(expressions.write(element, CodeBlock.of("element"), CodeBlock.of("value.get()"), FIELD))
            .addStatement("out.endVariable(slot, start)").build());
        codec.addMethod(reading(type).beginControlFlow("if (!in.enterOptional(offset, $L, field))", element.slot())
            .addStatement("return $T.empty()", Optional.class).endControlFlow()
            .addStatement("final $T value = $L", element.javaType(), expressions.read(element, 0, FIELD, NO_VIEW))
            .addStatement("in.leave()").addStatement("return $T.of(value)", Optional.class).build());
    }

    /** A record is the reply's structure itself, so that it can grow; anything else is the one slot of it. */
    private void result(final Method method) {
        final WireType type = method.result();
        final String name = method.capitalised() + "Result";
        final MethodSpec.Builder write = MethodSpec.methodBuilder("write" + name).addModifiers(Modifier.STATIC)
            .addParameter(Names.WRITER, "out", Modifier.FINAL).addParameter(type.javaType(), "value", Modifier.FINAL);
        final MethodSpec.Builder read = MethodSpec.methodBuilder("read" + name).addModifiers(Modifier.STATIC).returns(type.javaType())
            .addParameter(Names.READER, "in", Modifier.FINAL);
        if (type instanceof Structure) {
            codec.addMethod(write.addStatement("write$LFields(out, out.require(value, $S))", type.label(), "the result").build());
            codec.addMethod(read.addStatement("return read$LFields(in)", type.label()).build());
            return;
        }
        if (method.hasViewResult()) {
            read.addParameter(Names.UNSAFE_BUFFER, "view", Modifier.FINAL);
        }
        final Part part = new Part("the result", type);
        codec.addMethod(write.addCode(expressions.writeAll(List.of(part), ignored -> CodeBlock.of("value"), "")).build());
        codec.addMethod(read.addStatement("in.beginBlock()")
            .addStatement("return $L", expressions.read(type, 0, CodeBlock.of("$S", "the result"), CodeBlock.of("view"))).build());
    }

    private static MethodSpec.Builder writing(final WireType type) {
        return MethodSpec.methodBuilder("write" + type.label()).addModifiers(Modifier.STATIC).addParameter(Names.WRITER, "out", Modifier.FINAL)
            .addParameter(TypeName.INT, "slot", Modifier.FINAL).addParameter(type.javaType(), "value", Modifier.FINAL)
            .addParameter(String.class, "field", Modifier.FINAL);
    }

    private static MethodSpec.Builder reading(final WireType type) {
        return MethodSpec.methodBuilder("read" + type.label()).addModifiers(Modifier.STATIC).returns(type.javaType())
            .addParameter(Names.READER, "in", Modifier.FINAL).addParameter(TypeName.INT, "offset", Modifier.FINAL)
            .addParameter(String.class, "field", Modifier.FINAL);
    }

    private static NameAllocator names(final String... reserved) {
        final NameAllocator names = new NameAllocator();
        for (final String each : reserved) {
            names.newName(each, each);
        }
        return names;
    }
}
