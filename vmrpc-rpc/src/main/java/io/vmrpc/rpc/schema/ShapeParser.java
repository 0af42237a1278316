package io.vmrpc.rpc.schema;

import io.vmrpc.rpc.schema.Shape.Enumeration;
import io.vmrpc.rpc.schema.Shape.Field;
import io.vmrpc.rpc.schema.Shape.ListOf;
import io.vmrpc.rpc.schema.Shape.OptionalOf;
import io.vmrpc.rpc.schema.Shape.Scalar;
import io.vmrpc.rpc.schema.Shape.Structure;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads the texts of {@link Shape}s and of methods' signatures. */
final class ShapeParser {
    private static final int MAX_DEPTH = 64;
    private final String text;
    private int at;
    private int depth;

    ShapeParser(final String text) {
        this.text = text;
    }

    /** {@code name}, up to one of the grammar's characters. */
    String name() {
        final int start = at;
        while (at < text.length() && (Character.isJavaIdentifierPart(text.charAt(at)) || text.charAt(at) == '.')) {
            at++;
        }
        if (at == start) {
            throw malformed("a name");
        }
        return text.substring(start, at);
    }

    /** {@code (a:int,b:string)}. */
    Structure parameters() {
        return new Structure("", fields('(', ')'));
    }

    Shape shape() {
        if (++depth > MAX_DEPTH) {
            throw malformed("at most " + MAX_DEPTH + " levels");
        }
        final String name = name();
        final Shape shape = switch (peek()) {
            case '<' -> generic(name);
            case '(' -> new Enumeration(name, constants());
            case '{' -> new Structure(name, fields('{', '}'));
            default -> scalar(name);
        };
        depth--;
        return shape;
    }

    private Shape scalar(final String name) {
        try {
            return Scalar.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (final IllegalArgumentException e) {
            throw malformed("a type instead of " + name);
        }
    }

    private Shape generic(final String name) {
        expect('<');
        final Shape element = shape();
        expect('>');
        return switch (name) {
            case "list" -> new ListOf(element);
            case "optional" -> new OptionalOf(element);
            default -> throw malformed("list or optional instead of " + name);
        };
    }

    private List<String> constants() {
        final List<String> constants = new ArrayList<>();
        expect('(');
        do {
            constants.add(name());
        } while (skip('|'));
        expect(')');
        return List.copyOf(constants);
    }

    private List<Field> fields(final char open, final char close) {
        final List<Field> fields = new ArrayList<>();
        expect(open);
        if (peek() != close) {
            do {
                final String name = name();
                expect(':');
                fields.add(new Field(name, shape()));
            } while (skip(','));
        }
        expect(close);
        return List.copyOf(fields);
    }

    char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    boolean skip(final char wanted) {
        if (peek() == wanted) {
            at++;
            return true;
        }
        return false;
    }

    void expect(final char wanted) {
        if (!skip(wanted)) {
            throw malformed("'" + wanted + "'");
        }
    }

    void end() {
        if (at < text.length()) {
            throw malformed("the end");
        }
    }

    private IllegalArgumentException malformed(final String expected) {
        return new IllegalArgumentException("signature \"" + text + "\" at character " + at + ": expected " + expected);
    }
}
