package io.vmrpc.processor;

import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import io.vmrpc.rpc.schema.Shape;
import io.vmrpc.rpc.schema.Shape.Scalar;
import java.util.List;
import java.util.Locale;

/** A type that can travel: how it is named in Java, and what guest and host see of it. */
sealed interface WireType {
    /** Its Java type; boxed where it is an element. */
    TypeName javaType();

    /** What travels, as the description of the service has it. */
    Shape shape();

    /** Bytes in the fixed block. */
    default int slot() {
        return shape().slotSize();
    }

    /** Part of the names of generated methods. */
    String label();

    /** A primitive. */
    record Primitive(TypeName javaType) implements WireType {
        @Override
        public Shape shape() {
            return Scalar.valueOf(javaType.toString().toUpperCase(Locale.ROOT));
        }

        @Override
        public String label() {
            return Names.capitalised(javaType.toString());
        }
    }

    /** Text or bytes. */
    enum Bytes implements WireType {
        STRING(ClassName.get(String.class), Scalar.STRING, "String"),
        ARRAY(ArrayTypeName.of(TypeName.BYTE), Scalar.BYTES, "Bytes"),
        BUFFER(Names.DIRECT_BUFFER, Scalar.BYTES, "Buffer");

        private final TypeName javaType;
        private final Shape shape;
        private final String label;

        Bytes(final TypeName javaType, final Shape shape, final String label) {
            this.javaType = javaType;
            this.shape = shape;
            this.label = label;
        }

        @Override
        public TypeName javaType() {
            return javaType;
        }

        @Override
        public Shape shape() {
            return shape;
        }

        @Override
        public String label() {
            return label;
        }
    }

    /** An enum. */
    record Enumeration(ClassName javaType, List<String> constants) implements WireType {
        @Override
        public Shape shape() {
            return new Shape.Enumeration(javaType.simpleName(), constants);
        }

        @Override
        public String label() {
            return String.join("", javaType.simpleNames());
        }

        /** The generated array of its constants. */
        String constantsField() {
            return Names.constant(label()) + "_CONSTANTS";
        }
    }

    /** A record. */
    record Structure(ClassName javaType, List<Part> parts) implements WireType {
        @Override
        public Shape shape() {
            return structure(javaType.simpleName(), parts);
        }

        @Override
        public String label() {
            return String.join("", javaType.simpleNames());
        }
    }

    /** A list. */
    record ListOf(WireType element) implements WireType {
        @Override
        public TypeName javaType() {
            return ParameterizedTypeName.get(ClassName.get(List.class), element.javaType().box());
        }

        @Override
        public Shape shape() {
            return new Shape.ListOf(element.shape());
        }

        @Override
        public String label() {
            return "ListOf" + element.label();
        }
    }

    /** A value that may be missing. */
    record OptionalOf(WireType element) implements WireType {
        @Override
        public TypeName javaType() {
            return ParameterizedTypeName.get(ClassName.get(java.util.Optional.class), element.javaType().box());
        }

        @Override
        public Shape shape() {
            return new Shape.OptionalOf(element.shape());
        }

        @Override
        public String label() {
            return "Optional" + element.label();
        }
    }

    /** A parameter or a record's component. */
    record Part(String name, WireType type) {
    }

    /** Parts as they travel; without a name they are a method's parameters. */
    static Shape.Structure structure(final String name, final List<Part> parts) {
        return new Shape.Structure(name, parts.stream().map(part -> new Shape.Field(part.name(), part.type().shape())).toList());
    }

    /** Bytes of the fixed block. */
    static int block(final List<Part> parts) {
        return parts.stream().mapToInt(part -> part.type().slot()).sum();
    }
}
