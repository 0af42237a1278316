package io.vmrpc.guest.file;

import static io.vmrpc.file.FileProtocol.*;

import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * How a file is opened.
 *
 * @param flags of OPEN.
 * @param removes whether the file goes when it is closed.
 */
record OpenMode(int flags, boolean removes) {
    static OpenMode of(final Set<? extends OpenOption> options) {
        int flags = 0;
        boolean removes = false;
        for (final OpenOption option : options) {
            if (option == LinkOption.NOFOLLOW_LINKS) {
                flags |= OPEN_NO_FOLLOW;
            } else if (option instanceof StandardOpenOption standard) {
                removes |= standard == StandardOpenOption.DELETE_ON_CLOSE;
                flags |= flag(standard);
            } else {
                java.util.Objects.requireNonNull(option, "option");
                throw new UnsupportedOperationException("option " + option + " is not known: use those of StandardOpenOption");
            }
        }
        if ((flags & OPEN_APPEND) != 0) {
            if ((flags & OPEN_READ) != 0 || (flags & OPEN_TRUNCATE) != 0) {
                throw new IllegalArgumentException("APPEND goes neither with READ nor with TRUNCATE_EXISTING");
            }
            flags |= OPEN_WRITE;
        }
        if ((flags & OPEN_WRITE) == 0) { // what makes and truncates is ignored without WRITE
            flags = flags & ~(OPEN_TRUNCATE | OPEN_CREATE | OPEN_CREATE_NEW) | OPEN_READ;
        }
        return new OpenMode(flags, removes);
    }

    private static int flag(final StandardOpenOption option) {
        return switch (option) {
            case READ -> OPEN_READ;
            case WRITE -> OPEN_WRITE;
            case APPEND -> OPEN_APPEND;
            case TRUNCATE_EXISTING -> OPEN_TRUNCATE;
            case CREATE -> OPEN_CREATE;
            case CREATE_NEW -> OPEN_CREATE_NEW | OPEN_NO_FOLLOW;
            case SYNC -> OPEN_SYNC;
            case DSYNC -> OPEN_DATA_SYNC;
            case DELETE_ON_CLOSE, SPARSE -> 0;
        };
    }

    boolean reads() {
        return (flags & OPEN_READ) != 0;
    }

    boolean writes() {
        return (flags & OPEN_WRITE) != 0;
    }

    boolean appends() {
        return (flags & OPEN_APPEND) != 0;
    }

    void afterClose(final VmFileSystem fileSystem, final VmPath path) throws IOException {
        if (removes) {
            try {
                fileSystem.calls().remove(path);
            } catch (final java.nio.file.NoSuchFileException e) {
                return; // somebody was faster
            }
        }
    }
}
