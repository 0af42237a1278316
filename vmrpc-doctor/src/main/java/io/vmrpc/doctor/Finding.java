package io.vmrpc.doctor;

import org.jspecify.annotations.Nullable;

/**
 * What a check found.
 *
 * @param remedy a command, words for a kernel's command line, or another act; null if nothing is to be done
 */
record Finding(Level level, String found, @Nullable String remedy) {
    static Finding ok(String found) {
        return new Finding(Level.OK, found, null);
    }

    static Finding warning(String found, String remedy) {
        return new Finding(Level.WARNING, found, remedy);
    }

    static Finding problem(String found, String remedy) {
        return new Finding(Level.PROBLEM, found, remedy);
    }

    /** What nobody could tell is no reason to be calm. */
    static Finding unknown(String why, String remedy) {
        return new Finding(Level.WARNING, "unknown: " + why, remedy);
    }
}
