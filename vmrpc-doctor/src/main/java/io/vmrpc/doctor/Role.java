package io.vmrpc.doctor;

import java.util.Locale;

/** Which side of the VM boundary a machine is looked at as. */
enum Role {
    HOST, GUEST;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
