package io.vmrpc.rpc.schema;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The type of a parameter, a result or a record's field, as guest and host compare it. Its text is what {@link ShapeParser} reads:
 * {@code long}, {@code list<string>}, {@code optional<int>}, {@code Side(BUY|SELL)}, {@code Quote{bid:double,side:Side(BUY|SELL)}}.
 */
public sealed interface Shape {
    /** More bytes than any bound. */
    long UNBOUNDED = Long.MAX_VALUE;

    /**
     * Bytes in the fixed block: the value, or the length of what stands behind the block.
     *
     * @return 0 for void.
     */
    int slotSize();

    /**
     * The most bytes that a value can take, with its slot.
     *
     * @return {@link #UNBOUNDED} for texts, bytes and lists.
     */
    long maxSize();

    /** A type without parts. */
    enum Scalar implements Shape {
        VOID(0), BOOLEAN(1), BYTE(1), SHORT(2), CHAR(2), INT(4), LONG(8), FLOAT(4), DOUBLE(8), STRING(4), BYTES(4);

        private final int size;

        Scalar(final int size) {
            this.size = size;
        }

        @Override
        public int slotSize() {
            return size;
        }

        @Override
        public long maxSize() {
            return this == STRING || this == BYTES ? UNBOUNDED : size;
        }

        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * An enum.
     *
     * @param name of its class, for people.
     * @param constants in their order, which is what travels.
     */
    record Enumeration(String name, List<String> constants) implements Shape {
        @Override
        public int slotSize() {
            return Short.BYTES;
        }

        @Override
        public long maxSize() {
            return Short.BYTES;
        }

        @Override
        public String toString() {
            return name + "(" + String.join("|", constants) + ")";
        }
    }

    /**
     * A list.
     *
     * @param element what it holds.
     */
    record ListOf(Shape element) implements Shape {
        @Override
        public int slotSize() {
            return Integer.BYTES;
        }

        @Override
        public long maxSize() {
            return UNBOUNDED;
        }

        @Override
        public String toString() {
            return "list<" + element + ">";
        }
    }

    /**
     * A value that may be missing.
     *
     * @param element what it holds.
     */
    record OptionalOf(Shape element) implements Shape {
        @Override
        public int slotSize() {
            return Integer.BYTES;
        }

        @Override
        public long maxSize() {
            return sum(Integer.BYTES, element.maxSize());
        }

        @Override
        public String toString() {
            return "optional<" + element + ">";
        }
    }

    /**
     * A record, or the parameters of a method.
     *
     * @param name of its class, for people; empty for parameters.
     * @param fields in their order.
     */
    record Structure(String name, List<Field> fields) implements Shape {
        @Override
        public int slotSize() {
            return Integer.BYTES;
        }

        @Override
        public long maxSize() {
            long size = Integer.BYTES + Short.BYTES;
            for (final Field field : fields) {
                size = sum(size, field.shape().maxSize());
            }
            return size;
        }

        /** The fields, without name and braces. */
        String fieldsText() {
            return fields.stream().map(field -> field.name() + ":" + field.shape()).collect(Collectors.joining(","));
        }

        @Override
        public String toString() {
            return name + "{" + fieldsText() + "}";
        }
    }

    /**
     * A named part.
     *
     * @param name of the parameter or of the record's component.
     * @param shape its type.
     */
    record Field(String name, Shape shape) {
    }

    private static long sum(final long one, final long other) {
        return one == UNBOUNDED || other == UNBOUNDED ? UNBOUNDED : one + other;
    }
}
