package io.vmrpc.doctor;

import java.util.Locale;

/** How bad a finding is. */
enum Level {
    /** As it should be. */
    OK,
    /** It costs latency, or nobody could tell. */
    WARNING,
    /** VMRPC refuses to work, or breaks its bounds. */
    PROBLEM;

    /** {@return the word in both reports} */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
