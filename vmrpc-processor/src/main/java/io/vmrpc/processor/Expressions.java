package io.vmrpc.processor;

import com.palantir.javapoet.CodeBlock;
import io.vmrpc.processor.WireType.Bytes;
import io.vmrpc.processor.WireType.Enumeration;
import io.vmrpc.processor.WireType.Part;
import io.vmrpc.processor.WireType.Primitive;
import java.util.List;
import java.util.function.Function;

/** Code that reads and writes single values. */
final class Expressions {
    private final CodeBlock codec;

    private Expressions(final CodeBlock codec) {
        this.codec = codec;
    }

    /** For the codec's own methods. */
    static Expressions inside() {
        return new Expressions(CodeBlock.of(""));
    }

    /** For classes that call the codec. */
    static Expressions outside(final Service service) {
        return new Expressions(CodeBlock.of("$T.", service.codec()));
    }

    /** A statement that writes a value to its slot; {@code field} is code for its name. */
    CodeBlock write(final WireType type, final CodeBlock slot, final CodeBlock value, final CodeBlock field) {
        if (type instanceof Primitive) {
            return CodeBlock.of("out.put$L($L, $L)", type.label(), slot, value);
        }
        if (type instanceof Bytes || type instanceof Enumeration) {
            return CodeBlock.of("out.put$L($L, $L, $L)", type instanceof Enumeration ? "Enum" : type.label(), slot, value, field);
        }
        return CodeBlock.of("$Lwrite$L(out, $L, $L, $L)", codec, type.label(), slot, value, field);
    }

    /** An expression that reads a value; {@code view} is code for the buffer that becomes one. */
    CodeBlock read(final WireType type, final int offset, final CodeBlock field, final CodeBlock view) {
        if (type instanceof Primitive) {
            return CodeBlock.of("in.get$L($L)", type.label(), offset);
        }
        if (type instanceof Enumeration enumeration) {
            return CodeBlock.of("in.getEnum($L, $L$L, $L)", offset, codec, enumeration.constantsField(), field);
        }
        if (type == Bytes.BUFFER) {
            return CodeBlock.of("in.getBuffer($L, $L, $L)", offset, field, view);
        }
        return type instanceof Bytes ? CodeBlock.of("in.get$L($L, $L)", type.label(), offset, field)
            : CodeBlock.of("$Lread$L(in, $L, $L)", codec, type.label(), offset, field);
    }

    /** Statements that write a block and what stands behind it. */
    CodeBlock writeAll(final List<Part> parts, final Function<Part, CodeBlock> value, final String what) {
        final CodeBlock.Builder code = CodeBlock.builder();
        if (parts.isEmpty()) {
            return code.addStatement("out.beginBlock(0)").build();
        }
        code.addStatement("final int at = out.beginBlock($L)", WireType.block(parts));
        int offset = 0;
        for (final Part part : parts) {
            code.addStatement(write(part.type(), offset == 0 ? CodeBlock.of("at") : CodeBlock.of("at + $L", offset), value.apply(part),
                CodeBlock.of("$S", what + part.name())));
            offset += part.type().slot();
        }
        return code.build();
    }

    /** Statements that read a block into variables. */
    CodeBlock readAll(final List<Part> parts, final Function<Part, String> variable, final Function<Part, CodeBlock> view, final String what) {
        final CodeBlock.Builder code = CodeBlock.builder().addStatement("in.beginBlock()");
        int offset = 0;
        for (final Part part : parts) {
            code.addStatement("final $T $L = $L", part.type().javaType(), variable.apply(part),
                read(part.type(), offset, CodeBlock.of("$S", what + part.name()), view.apply(part)));
            offset += part.type().slot();
        }
        return code.build();
    }
}
