package io.vmrpc.host.policy;

/**
 * How much one guest may use of the host's network.
 *
 * @param sockets open at a time, 1 to {@link #MAX_SOCKETS}.
 * @param bufferBytes the send window of a socket: what the agent holds for it at most, {@link #MIN_BUFFER} to {@link #MAX_BUFFER}.
 * @param bytesPerSecond sent plus received by all its sockets together, 1 to {@link #MAX_RATE}; Long.MAX_VALUE: unlimited.
 * @param packetsPerSecond sent plus received by all its sockets together, 1 to {@link #MAX_RATE}; Long.MAX_VALUE: unlimited.
 */
public record Limits(int sockets, int bufferBytes, long bytesPerSecond, long packetsPerSecond) {
    /** Most sockets that can be permitted. */
    public static final int MAX_SOCKETS = 65_536;
    /** Smallest send window, in bytes. */
    public static final int MIN_BUFFER = 4096;
    /** Largest send window, in bytes. */
    public static final int MAX_BUFFER = 1 << 30;
    /** Highest rate that is not unlimited, a second. */
    public static final long MAX_RATE = 1L << 50;
    /** No bound of a rate. */
    public static final long UNLIMITED = Long.MAX_VALUE;
    /** What a file that says nothing means: 64 sockets, 256 KiB each, no bound of rates. */
    public static final Limits DEFAULT = new Limits(64, 256 << 10, UNLIMITED, UNLIMITED);

    /** Checks the limits. */
    public Limits {
        require("sockets", sockets, 1, MAX_SOCKETS);
        require("bufferBytes", bufferBytes, MIN_BUFFER, MAX_BUFFER);
        require("bytesPerSecond", bytesPerSecond == UNLIMITED ? 1 : bytesPerSecond, 1, MAX_RATE);
        require("packetsPerSecond", packetsPerSecond == UNLIMITED ? 1 : packetsPerSecond, 1, MAX_RATE);
    }

    private static void require(final String name, final long value, final long from, final long to) {
        if (value < from || value > to) {
            throw new IllegalArgumentException("limit " + name + "=" + value + " must be " + from + " to " + to);
        }
    }
}
