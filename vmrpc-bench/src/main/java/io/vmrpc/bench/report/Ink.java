package io.vmrpc.bench.report;

/** Emphasis on a terminal, or none. Also the one place where foreign text loses its control characters. */
enum Ink {
    PLAIN, ANSI;

    String bold(final String text) {
        return ink("1", text);
    }

    String dim(final String text) {
        return ink("2", text);
    }

    String good(final String text) {
        return ink("32", text);
    }

    String bad(final String text) {
        return ink("31", text);
    }

    String of(final Outcome outcome, final String text) {
        return switch (outcome) {
            case REACHED -> good(text);
            case NOT_REACHED -> bad(text);
            default -> dim(text);
        };
    }

    /** A guest's text must not move the cursor nor break the table. */
    static String clean(final String text) {
        return text.replaceAll("[^\\x20-\\x7e]", "?");
    }

    private String ink(final String code, final String text) {
        return this == PLAIN || text.isBlank() ? text : "\033[" + code + "m" + text + "\033[0m";
    }
}
