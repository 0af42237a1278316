package io.vmrpc.vm;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Gives a guest its region: the one file that guest, shim and agent share. The agent's side implements it; the runner knows only
 * the file. It stays open as long as the guest runs.
 */
public interface RegionSource extends AutoCloseable {
    /** {@return the region's file; its length is a power of two, as a PCI BAR must be} */
    Path region();

    @Override
    void close() throws IOException;

    /** Opens a region for one guest. The runner names the file, so that it can remove it also if this process is killed. */
    @FunctionalInterface
    interface Opener {
        /**
         * @param region the file to create; beside it the agent's socket has this name and {@code .sock}
         * @param vcpus virtual CPUs of the guest, so slots that the region needs at least
         * @return an open region
         * @throws IOException if it cannot be created; the message is for the user
         */
        RegionSource open(Path region, int vcpus) throws IOException;
    }
}
