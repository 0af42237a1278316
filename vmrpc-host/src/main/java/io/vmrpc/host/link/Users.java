package io.vmrpc.host.link;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Who may link: the agent's own user and root. */
final class Users {
    private static final int ROOT = 0;
    private static final int OWN = own();

    private Users() {
    }

    static boolean mayLink(final int uid) {
        return uid == ROOT || uid == OWN;
    }

    private static int own() {
        try {
            return (Integer)Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
