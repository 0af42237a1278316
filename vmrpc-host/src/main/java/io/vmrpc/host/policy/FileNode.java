package io.vmrpc.host.policy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** A value of a policy file that knows where it stands, so that every refusal can say it. */
final class FileNode {
    private final Path file;
    private final int line;
    private final String path;
    private final Object value;

    /** A text, a list of nodes, or nodes by key; the line is counted from 1; the path is as in {@code guests[0].region}. */
    FileNode(final Path file, final int line, final String path, final Object value) {
        this.file = file;
        this.line = line;
        this.path = path;
        this.value = value;
    }

    PolicyException refused(final String why) {
        return refused(file, line, path, why);
    }

    static PolicyException refused(final Path file, final int line, final String path, final String why) {
        return new PolicyException(file + (line > 0 ? ", line " + line : "") + ": " + path + (path.isEmpty() ? "" : ": ") + why);
    }

    private void require(final boolean holds, final String otherwise) throws PolicyException {
        if (!holds) {
            throw refused(otherwise);
        }
    }

    /** Refuses what is no mapping, and a mapping that has other keys. */
    void requireKeys(final String... known) throws PolicyException {
        require(value instanceof Map, "must be a mapping; its keys are " + String.join(", ", known));
        for (final Map.Entry<String, FileNode> field : fields().entrySet()) {
            field.getValue().require(Arrays.asList(known).contains(field.getKey()), "unknown key; what may stand here is " + String.join(", ", known));
        }
    }

    @SuppressWarnings("unchecked") // the reader puts nothing else there
    private Map<String, FileNode> fields() {
        return (Map<String, FileNode>)value;
    }

    /** {@return null if the key is not there; only after {@link #requireKeys}} */
    FileNode optional(final String key) {
        return fields().get(key);
    }

    FileNode required(final String key) throws PolicyException {
        require(fields().containsKey(key), "has no '" + key + "': add it");
        return fields().get(key);
    }

    /** {@return of a list, which may be empty} */
    @SuppressWarnings("unchecked") // the reader puts nothing else there
    List<FileNode> items() throws PolicyException {
        require(value instanceof List, "must be a list, each item after '- ' or all in [ ]");
        return (List<FileNode>)value;
    }

    /** {@return of a list that has some: an empty one could be taken for none and for all} */
    List<FileNode> someItems() throws PolicyException {
        require(!items().isEmpty(), "is an empty list: name something, or leave the key out");
        return items();
    }

    String text() throws PolicyException {
        require(value instanceof String, "must be a single value");
        return (String)value;
    }

    /** {@return which one it is} */
    int oneOf(final String... words) throws PolicyException {
        final int index = Arrays.asList(words).indexOf(text());
        require(index >= 0, "'" + text() + "' must be " + String.join(" or ", words));
        return index;
    }

    /** {@return what the parser makes of the text, which refuses with an IllegalArgumentException} */
    <T> T as(final Function<String, T> parser) throws PolicyException {
        final String text = text();
        return make(() -> parser.apply(text));
    }

    void check(final Consumer<String> taker) throws PolicyException {
        as(text -> {
            taker.accept(text);
            return text;
        });
    }

    /** {@return what is made of this node, by what refuses with an IllegalArgumentException} */
    <T> T make(final Supplier<T> maker) throws PolicyException {
        try {
            return maker.get();
        } catch (final IllegalArgumentException e) {
            final PolicyException refusal = refused(e.getMessage());
            refusal.initCause(e);
            throw refusal;
        }
    }
}
