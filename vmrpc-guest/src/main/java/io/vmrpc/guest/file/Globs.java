package io.vmrpc.guest.file;

import java.util.regex.PatternSyntaxException;

/** Globs as {@link java.nio.file.FileSystem#getPathMatcher} describes them, as regular expressions. */
final class Globs {
    private static final String SPECIAL = "\\.^$|()+*?{}[]";

    private final String glob;
    private final StringBuilder regex = new StringBuilder();
    private int at;
    private boolean isInGroup;

    private Globs(final String glob) {
        this.glob = glob;
    }

    static String regex(final String glob) {
        final Globs globs = new Globs(glob);
        while (globs.at < glob.length()) {
            globs.next();
        }
        if (globs.isInGroup) {
            throw new PatternSyntaxException("a group must end with }", glob, glob.length());
        }
        return globs.regex.toString();
    }

    private void next() {
        final char letter = glob.charAt(at++);
        switch (letter) {
            case '*' -> star();
            case '?' -> regex.append("[^/]");
            case '\\' -> literal(escaped());
            case '[' -> bracket();
            case '{' -> group();
            case '}' -> regex.append(isInGroup ? ")" : "\\}");
            case ',' -> regex.append(isInGroup ? "|" : ",");
            default -> literal(letter);
        }
        if (letter == '}') {
            isInGroup = false;
        }
    }

    private void star() {
        if (at < glob.length() && glob.charAt(at) == '*') {
            at++;
            regex.append(".*");
        } else {
            regex.append("[^/]*");
        }
    }

    private char escaped() {
        if (at == glob.length()) {
            throw new PatternSyntaxException("nothing follows the last \\", glob, at - 1);
        }
        return glob.charAt(at++);
    }

    private void literal(final char letter) {
        if (SPECIAL.indexOf(letter) >= 0) {
            regex.append('\\');
        }
        regex.append(letter);
    }

    private void group() {
        if (isInGroup) {
            throw new PatternSyntaxException("groups must not be nested", glob, at - 1);
        }
        isInGroup = true;
        regex.append("(?:");
    }

    private void bracket() {
        final int end = glob.indexOf(']', at + 1);
        if (end < 0) {
            throw new PatternSyntaxException("a bracket must end with ]", glob, at - 1);
        }
        regex.append("[[^/]&&[");
        if (glob.charAt(at) == '!') {
            regex.append('^');
            at++;
        }
        for (; at < end; at++) {
            final char letter = glob.charAt(at);
            if (letter == '/') {
                throw new PatternSyntaxException("a bracket must not have / in it", glob, at);
            }
            regex.append("\\[]&^".indexOf(letter) >= 0 ? "\\" : "").append(letter);
        }
        at++;
        regex.append("]]");
    }
}
