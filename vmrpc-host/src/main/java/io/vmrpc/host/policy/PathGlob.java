package io.vmrpc.host.policy;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Paths of the host: one, or all that fit a glob. */
final class PathGlob {
    private static final Pattern SPECIAL = Pattern.compile("[*?\\[{\\\\]");
    private static final Pattern ELEMENTS = Pattern.compile("(/(?!\\.{0,2}(/|$))[^/\0]+)+");
    private final PathMatcher matcher;
    private final boolean isExact;

    private PathGlob(final PathMatcher matcher, final boolean isExact) {
        this.matcher = matcher;
        this.isExact = isExact;
    }

    /** {@return of {@code /run/app.sock} or {@code /run/app/*.sock}; the syntax is that of {@link java.nio.file.FileSystem#getPathMatcher}} */
    static PathGlob parse(final String text) {
        if (!ELEMENTS.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + text + "' must be an absolute path without empty, '.' or '..' elements, or a glob of such, as in /run/app/*.sock");
        }
        try {
            return new PathGlob(FileSystems.getDefault().getPathMatcher("glob:" + text), !SPECIAL.matcher(text).find());
        } catch (final PatternSyntaxException e) {
            throw new IllegalArgumentException("'" + text + "' is no glob: " + e.getDescription(), e);
        }
    }

    /** {@return whether no other path can fit} */
    boolean isExact() {
        return isExact;
    }

    boolean matches(final Path path) {
        return matcher.matches(path);
    }

    /** {@return whether what a path names follows from its letters: it is absolute and has no {@code .} and no {@code ..}} */
    static boolean isProper(final Path path) {
        if (!path.isAbsolute()) {
            return false;
        }
        for (final Path element : path) {
            final String name = element.toString();
            if (name.equals(".") || name.equals("..")) {
                return false;
            }
        }
        return true;
    }
}
