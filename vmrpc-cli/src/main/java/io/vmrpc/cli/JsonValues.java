package io.vmrpc.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vmrpc.rpc.schema.Shape;
import io.vmrpc.rpc.schema.Shape.Enumeration;
import io.vmrpc.rpc.schema.Shape.Field;
import io.vmrpc.rpc.schema.Shape.ListOf;
import io.vmrpc.rpc.schema.Shape.OptionalOf;
import io.vmrpc.rpc.schema.Shape.Scalar;
import io.vmrpc.rpc.schema.Shape.Structure;
import io.vmrpc.rpc.wire.WireReader;
import io.vmrpc.rpc.wire.WireWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Typed values as JSON, by the description of their types instead of generated code. */
final class JsonValues {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private JsonValues() {
    }

    /** Words of the command line, by the parameters' types. */
    static List<JsonNode> parse(final Structure parameters, final List<String> words) {
        if (words.size() != parameters.fields().size()) {
            throw new IllegalArgumentException("the method takes " + parameters.fields().size() + " arguments and got " + words.size() + ": " +
                parameters.fields().stream().map(each -> each.name() + ":" + each.shape()).toList());
        }
        final List<JsonNode> values = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            values.add(parse(parameters.fields().get(i), words.get(i)));
        }
        return values;
    }

    private static JsonNode parse(final Field parameter, final String word) {
        final boolean isWord = parameter.shape() == Scalar.STRING || parameter.shape() == Scalar.BYTES || parameter.shape() instanceof Enumeration;
        if (isWord && !word.startsWith("\"")) {
            return NODES.textNode(word);
        }
        try {
            return MAPPER.readTree(word);
        } catch (final JsonProcessingException e) {
            throw wrong(parameter.name(), parameter.shape(), word);
        }
    }

    private static IllegalArgumentException wrong(final String name, final Shape shape, final Object value) {
        return new IllegalArgumentException("argument " + name + "=" + value + " must be JSON for " + shape);
    }

    static void write(final WireWriter out, final Structure structure, final List<JsonNode> values) {
        int at = out.beginBlock(structure.fields().stream().mapToInt(field -> field.shape().slotSize()).sum());
        for (int i = 0; i < values.size(); i++) {
            final Field field = structure.fields().get(i);
            write(out, at, field.name(), field.shape(), values.get(i));
            at += field.shape().slotSize();
        }
    }

    private static void write(final WireWriter out, final int slot, final String name, final Shape shape, final JsonNode value) {
        if (shape instanceof Scalar scalar) {
            writeScalar(out, slot, name, scalar, value);
        } else if (shape instanceof Enumeration enumeration) {
            final int ordinal = enumeration.constants().indexOf(value.asText());
            check(ordinal >= 0, name, shape, value);
            out.putShort(slot, (short)ordinal);
        } else if (shape instanceof OptionalOf optional) {
            if (value.isNull()) {
                out.putAbsent(slot);
                return;
            }
            final int start = out.position();
            write(out, out.append(optional.element().slotSize()), name, optional.element(), value);
            out.endVariable(slot, start);
        } else if (shape instanceof ListOf list) {
            check(value.isArray(), name, shape, value);
            final int start = out.position();
            out.putInt(out.append(Integer.BYTES), value.size());
            value.forEach(each -> write(out, out.append(list.element().slotSize()), name, list.element(), each));
            out.endVariable(slot, start);
        } else if (shape instanceof Structure structure) {
            check(value.isObject(), name, shape, value);
            final int start = out.position();
            final List<JsonNode> fields = new ArrayList<>();
            for (final Field field : structure.fields()) {
                check(value.has(field.name()), name + "." + field.name(), field.shape(), "nothing");
                fields.add(value.get(field.name()));
            }
            write(out, structure, fields);
            out.endVariable(slot, start);
        }
    }

    private static void check(final boolean holds, final String name, final Shape shape, final Object value) {
        if (!holds) {
            throw wrong(name, shape, value);
        }
    }

    private static void writeScalar(final WireWriter out, final int slot, final String name, final Scalar scalar, final JsonNode value) {
        final boolean isText = scalar == Scalar.STRING || scalar == Scalar.BYTES || scalar == Scalar.CHAR;
        check(isText ? value.isTextual() : scalar == Scalar.BOOLEAN ? value.isBoolean() : value.isNumber(), name, scalar, value);
        switch (scalar) {
            case BOOLEAN -> out.putBoolean(slot, value.booleanValue());
            case BYTE -> out.putByte(slot, (byte)whole(name, scalar, value, Byte.MIN_VALUE, Byte.MAX_VALUE));
            case SHORT -> out.putShort(slot, (short)whole(name, scalar, value, Short.MIN_VALUE, Short.MAX_VALUE));
            case INT -> out.putInt(slot, (int)whole(name, scalar, value, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case LONG -> out.putLong(slot, whole(name, scalar, value, Long.MIN_VALUE, Long.MAX_VALUE));
            case FLOAT -> out.putFloat(slot, value.floatValue());
            case DOUBLE -> out.putDouble(slot, value.doubleValue());
            case CHAR -> {
                check(value.asText().length() == 1, name, scalar, value);
                out.putChar(slot, value.asText().charAt(0));
            }
            case STRING -> out.putString(slot, value.asText(), name);
            case BYTES -> out.putBytes(slot, bytes(name, value), name);
            default -> throw wrong(name, scalar, value);
        }
    }

    private static long whole(final String name, final Scalar scalar, final JsonNode value, final long from, final long to) {
        check(value.isIntegralNumber() && value.canConvertToLong() && value.longValue() >= from && value.longValue() <= to, name, scalar, value);
        return value.longValue();
    }

    private static byte[] bytes(final String name, final JsonNode value) {
        try {
            return value.binaryValue();
        } catch (final IOException e) {
            throw wrong(name, Scalar.BYTES, value);
        }
    }

    /** A record is the reply's own structure, anything else its only slot. */
    static JsonNode readResult(final WireReader in, final Shape shape) {
        if (shape instanceof Structure structure) {
            return readFields(in, structure);
        }
        in.beginBlock();
        return shape == Scalar.VOID ? NODES.nullNode() : read(in, 0, "the result", shape);
    }

    private static ObjectNode readFields(final WireReader in, final Structure structure) {
        final ObjectNode object = NODES.objectNode();
        int at = 0;
        in.beginBlock();
        for (final Field field : structure.fields()) {
            object.set(field.name(), read(in, at, field.name(), field.shape()));
            at += field.shape().slotSize();
        }
        return object;
    }

    private static JsonNode read(final WireReader in, final int at, final String name, final Shape shape) {
        if (shape instanceof Scalar scalar) {
            return readScalar(in, at, name, scalar);
        }
        if (shape instanceof Enumeration enumeration) {
            final int ordinal = in.getShort(at) & 0xffff;
            return NODES.textNode(ordinal < enumeration.constants().size() ? enumeration.constants().get(ordinal) : "#" + ordinal);
        }
        if (shape instanceof OptionalOf optional) {
            if (!in.enterOptional(at, optional.element().slotSize(), name)) {
                return NODES.nullNode();
            }
            final JsonNode value = read(in, 0, name, optional.element());
            in.leave();
            return value;
        }
        in.enter(at, name);
        final JsonNode value = shape instanceof ListOf list ? readList(in, name, list) : readFields(in, (Structure)shape);
        in.leave();
        return value;
    }

    private static ArrayNode readList(final WireReader in, final String name, final ListOf list) {
        final ArrayNode array = NODES.arrayNode();
        final int size = list.element().slotSize();
        final int count = in.count(size, name);
        for (int i = 0; i < count; i++) {
            in.element(size, name);
            array.add(read(in, 0, name, list.element()));
        }
        return array;
    }

    private static JsonNode readScalar(final WireReader in, final int at, final String name, final Scalar scalar) {
        return switch (scalar) {
            case VOID -> NODES.nullNode();
            case BOOLEAN -> NODES.booleanNode(in.getBoolean(at));
            case BYTE -> NODES.numberNode(in.getByte(at));
            case SHORT -> NODES.numberNode(in.getShort(at));
            case CHAR -> NODES.textNode(String.valueOf(in.getChar(at)));
            case INT -> NODES.numberNode(in.getInt(at));
            case LONG -> NODES.numberNode(in.getLong(at));
            case FLOAT -> NODES.numberNode(in.getFloat(at));
            case DOUBLE -> NODES.numberNode(in.getDouble(at));
            case STRING -> NODES.textNode(in.getString(at, name));
            case BYTES -> NODES.binaryNode(in.getBytes(at, name));
        };
    }
}
