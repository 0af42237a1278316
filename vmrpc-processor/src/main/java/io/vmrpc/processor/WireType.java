package io.vmrpc.processor;

import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A type that can travel: how it is named in Java and in a signature, and how long its slot in the fixed block is. */
sealed interface WireType {
    /** Its Java type; boxed where it is an element. */
    TypeName javaType();

    /** Bytes in the fixed block. */
    int slot();

    /** Its text in a signature. */
    String shape();

    /** Part of the names of generated methods. */
    String label();

    /** A primitive. */
    record Primitive(TypeName javaType, int slot) implements WireType {
        @Override
        public String shape() {
            return javaType.toString();
        }

        @Override
        public String label() {
            return capitalised(shape());
        }
    }

    /** Text or bytes. */
    enum Bytes implements WireType {
        STRING(ClassName.get(String.class), "string", "String"),
        ARRAY(ArrayTypeName.of(TypeName.BYTE), "bytes", "Bytes"),
        BUFFER(Names.DIRECT_BUFFER, "bytes", "Buffer");

        private final TypeName javaType;
        private final String shape;
        private final String label;

        Bytes(final TypeName javaType, final String shape, final String label) {
            this.javaType = javaType;
            this.shape = shape;
            this.label = label;
        }

        @Override
        public TypeName javaType() {
            return javaType;
        }

        @Override
        public int slot() {
            return Integer.BYTES;
        }

        @Override
        public String shape() {
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
        public int slot() {
            return Short.BYTES;
        }

        @Override
        public String shape() {
            return javaType.simpleName() + "(" + String.join("|", constants) + ")";
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
        public int slot() {
            return Integer.BYTES;
        }

        @Override
        public String shape() {
            return javaType.simpleName() + "{" + fields(parts) + "}";
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
        public int slot() {
            return Integer.BYTES;
        }

        @Override
        public String shape() {
            return "list<" + element.shape() + ">";
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
        public int slot() {
            return Integer.BYTES;
        }

        @Override
        public String shape() {
            return "optional<" + element.shape() + ">";
        }

        @Override
        public String label() {
            return "Optional" + element.label();
        }
    }

    /** A parameter or a record's component. */
    record Part(String name, WireType type) {
    }

    /** {@code a:int,b:string}. */
    static String fields(final List<Part> parts) {
        return parts.stream().map(part -> part.name() + ":" + part.type().shape()).collect(Collectors.joining(","));
    }

    /** Bytes of the fixed block. */
    static int block(final List<Part> parts) {
        return parts.stream().mapToInt(part -> part.type().slot()).sum();
    }

    private static String capitalised(final String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }
}
