package io.vmrpc.layout;

import io.vmrpc.natives.Native;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A layout as one of its sources tells it.
 *
 * @param fields of the structures, with the structure's name.
 * @param constants by name; empty for the document.
 */
record Layout(Set<Field> fields, Map<String, Long> constants) {
    private static final Pattern MARK = Pattern.compile("<!-- layout: (\\w+) -->");
    private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\| (\\d+) \\| (\\w+) \\|.*");

    /** A field of a structure; offset and size in bytes. */
    record Field(String structure, String name, int offset, int size) implements Comparable<Field> {
        @Override
        public int compareTo(final Field other) {
            return toString().compareTo(other.toString());
        }

        boolean isReserved() {
            return name.startsWith("reserved") && !structure.equals("vmrpc_submission");
        }
    }

    /** What the C compiler laid out. */
    static Layout ofC() {
        Native.ensureAvailable();
        final byte[] text = new byte[Native.vmrpc_layout(new byte[1], 1) + 1];
        Native.vmrpc_layout(text, text.length);
        final Layout layout = new Layout(new TreeSet<>(), new TreeMap<>());
        new String(text, 0, text.length - 1, StandardCharsets.US_ASCII).lines().map(line -> line.split(" ")).forEach(words -> {
            if (words[0].equals("const")) {
                layout.constants.put(words[1], Long.parseUnsignedLong(words[2]));
            } else {
                layout.fields.add(new Field(words[0], words[1], Integer.parseInt(words[2]), Integer.parseInt(words[3])));
            }
        });
        return layout;
    }

    /** What the marked tables of docs/protocol.md say. */
    static Layout ofDocument() throws IOException {
        final Layout layout = new Layout(new TreeSet<>(), Map.of());
        String structure = null;
        for (final String line : Files.readAllLines(document())) {
            final Matcher mark = MARK.matcher(line);
            final Matcher row = ROW.matcher(line);
            if (mark.matches()) {
                structure = mark.group(1);
            } else if (structure != null && row.matches()) {
                layout.fields.add(new Field(structure, row.group(3), Integer.parseInt(row.group(1)), Integer.parseInt(row.group(2))));
            } else if (!line.startsWith("|")) {
                structure = null;
            }
        }
        return layout;
    }

    private static Path document() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("docs/protocol.md"))) {
            folder = folder.getParent();
        }
        return folder.resolve("docs/protocol.md");
    }
}
