package io.vmrpc.system;

import java.util.Arrays;

/**
 * A line of {@code name=value} words.
 *
 * @param text the whole line
 */
record Words(String text) {
    long number(String name) {
        return Arrays.stream(text.split(" ")).filter(word -> word.startsWith(name + "=")).findFirst()
                .map(word -> Long.parseLong(word.substring(name.length() + 1)))
                .orElseThrow(() -> new AssertionError("no " + name + " in: " + text));
    }

    @Override
    public String toString() {
        return text;
    }
}
