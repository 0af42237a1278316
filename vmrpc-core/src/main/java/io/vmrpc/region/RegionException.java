package io.vmrpc.region;

import java.io.IOException;

/** A file that cannot serve as region; the message says why and what to do. */
public final class RegionException extends IOException {
    private static final long serialVersionUID = 1;

    /**
     * Creates an exception.
     *
     * @param message one sentence.
     */
    public RegionException(final String message) {
        super(message);
    }
}
