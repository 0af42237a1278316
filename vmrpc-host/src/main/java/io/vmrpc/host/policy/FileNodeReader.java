package io.vmrpc.host.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Makes nodes of the tokens of a YAML file. What YAML could hide from a reader's eye is refused: keys given twice, keys without a value,
 * aliases, a second document.
 */
final class FileNodeReader {
    private static final YAMLFactory FACTORY = new YAMLFactory();
    private final Path file;
    private final YAMLParser parser;

    private FileNodeReader(final Path file, final YAMLParser parser) {
        this.file = file;
        this.parser = parser;
    }

    static FileNode read(final Path file) throws PolicyException {
        try (YAMLParser parser = FACTORY.createParser(Files.readString(file))) {
            return new FileNodeReader(file, parser).document();
        } catch (final PolicyException e) {
            throw e;
        } catch (final JsonProcessingException e) {
            throw because(e, syntax(file, e));
        } catch (final IOException e) {
            throw because(e, FileNode.refused(file, 0, "", reason(e)));
        }
    }

    private static PolicyException syntax(final Path file, final JsonProcessingException error) {
        if (error.getCause() instanceof MarkedYAMLException cause && cause.getProblemMark() != null) {
            return FileNode.refused(file, cause.getProblemMark().getLine() + 1, "", "this is no YAML: " + cause.getProblem());
        }
        final int line = error.getLocation() == null ? 0 : error.getLocation().getLineNr();
        return FileNode.refused(file, line, "", "this is no YAML: " + error.getOriginalMessage().lines().findFirst().orElse("unreadable"));
    }

    private static PolicyException because(final IOException cause, final PolicyException refusal) {
        refusal.initCause(cause);
        return refusal;
    }

    private static String reason(final IOException error) {
        if (error instanceof NoSuchFileException) {
            return "there is no such file: name the policy file";
        }
        if (error instanceof AccessDeniedException) {
            return "no permission to read it: make it readable for this user";
        }
        return error instanceof CharacterCodingException ? "it is no text in UTF-8: save it as such" : "cannot be read: " + error.getMessage();
    }

    private FileNode document() throws IOException {
        if (parser.nextToken() == null) {
            throw FileNode.refused(file, 0, "", "is empty: write 'guests: []' to refuse everything");
        }
        final FileNode root = node("", line());
        if (parser.nextToken() != null) {
            throw FileNode.refused(file, line(), "", "a second document begins here: put everything into one");
        }
        return root;
    }

    private int line() {
        return parser.currentTokenLocation().getLineNr();
    }

    /** Of the present token and all that belongs to it; the line is that of its key, if it has one. */
    private FileNode node(final String path, final int line) throws IOException {
        if (parser.isCurrentAlias()) {
            throw FileNode.refused(file, line, path, "aliases are not taken: write the value out");
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> new FileNode(file, line, path, fields(path));
            case START_ARRAY -> new FileNode(file, line, path, items(path));
            case VALUE_NULL -> throw FileNode.refused(file, line, path, "has no value: give one, or leave the key out");
            default -> new FileNode(file, line, path, parser.getText());
        };
    }

    private Map<String, FileNode> fields(final String path) throws IOException {
        final Map<String, FileNode> fields = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            final String key = parser.currentName();
            final String below = path.isEmpty() ? key : path + "." + key;
            final int line = line();
            if (fields.containsKey(key)) {
                throw FileNode.refused(file, line, below, "stands here a second time: remove one");
            }
            parser.nextToken();
            fields.put(key, node(below, line));
        }
        return fields;
    }

    private List<FileNode> items(final String path) throws IOException {
        final List<FileNode> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(node(path + "[" + items.size() + "]", line()));
        }
        return items;
    }
}
