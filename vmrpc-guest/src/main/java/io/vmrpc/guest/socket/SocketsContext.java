package io.vmrpc.guest.socket;

import java.time.Duration;

/** Settings of a {@link Sockets}. Fluent; the defaults suit most. Read when it is made. */
public final class SocketsContext {
    private static final int MAX_WINDOW = 1 << 30;
    private int receiveWindow = 256 * 1024;
    private int acceptWindow = 128;
    private Duration closeTimeout = Duration.ofSeconds(2);

    /** Creates the default settings. */
    public SocketsContext() {
    }

    /**
     * What one socket may hold of data that was received and not read yet. More of it waits in the host's kernel, which then makes a TCP peer
     * wait and drops datagrams. The memory is taken as it is needed; twice as much may be used.
     *
     * @param bytes 1 to 2^30, 256 KiB by default; each record takes 64 of them beside its data.
     * @return this.
     */
    public SocketsContext receiveWindow(final int bytes) {
        receiveWindow = checked("receiveWindow", bytes);
        return this;
    }

    /**
     * How many connections of one listening socket may wait in the guest to be accepted. More wait in the host's kernel.
     *
     * @param connections 1 to 2^30, 128 by default.
     * @return this.
     */
    public SocketsContext acceptWindow(final int connections) {
        acceptWindow = checked("acceptWindow", connections);
        return this;
    }

    /**
     * How long {@link Sockets#close()} waits until the agent has sent what closed sockets still had to send.
     *
     * @param timeout 2 s by default; zero: not at all.
     * @return this.
     */
    public SocketsContext closeTimeout(final Duration timeout) {
        closeTimeout = timeout;
        return this;
    }

    private static int checked(final String name, final int value) {
        if (value < 1 || value > MAX_WINDOW) {
            throw new IllegalArgumentException(name + "=" + value + " must be 1 to " + MAX_WINDOW);
        }
        return value;
    }

    int receiveWindow() {
        return receiveWindow;
    }

    int acceptWindow() {
        return acceptWindow;
    }

    long closeTimeoutNs() {
        return closeTimeout.toNanos();
    }
}
