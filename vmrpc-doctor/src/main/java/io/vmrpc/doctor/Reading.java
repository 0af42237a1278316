package io.vmrpc.doctor;

import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The text of a file, or why there is none.
 *
 * @param file absolute path, as the user knows it
 * @param content stripped; null if it could not be read
 * @param why it could not; empty if it could
 */
record Reading(String file, @Nullable String content, String why) {
    boolean isKnown() {
        return content != null;
    }

    boolean isAbsent() {
        return why.equals(KernelTree.ABSENT);
    }

    String text() {
        if (content == null) {
            throw new NoSuchElementException(file + " " + why);
        }
        return content;
    }

    boolean is(String expected) {
        return expected.equals(content);
    }

    Finding unknown(String remedy) {
        return Finding.unknown(file + " " + why, remedy);
    }

    /** {@return the usual remedy: what is there and closed opens for root} */
    Finding unknown() {
        return unknown(isAbsent() ? "look on a kernel that has this file, or mount its file system" : "run as root");
    }
}
