package io.vmrpc.host.session;

/**
 * What one guest may use (rule R24).
 *
 * @param channels open at a time in a session, channel 0 included.
 * @param outstanding requests of a channel that are withheld or whose completion is held back; while so many are outstanding, further
 *     requests are refused with RESOURCE_EXHAUSTED, and while even that finds no space, no submission of the channel is read.
 * @param submissionsPerTurn of a channel, handled before the shard looks at the next one.
 * @param heldBytes payload bytes of completions held back in a session; the payload of one beyond is dropped and its status becomes
 *     RESOURCE_EXHAUSTED.
 */
public record Quotas(int channels, int outstanding, int submissionsPerTurn, long heldBytes) {
    /** 256 channels, 1024 outstanding requests a channel, 64 submissions a turn, 1 MiB held back. */
    public static final Quotas DEFAULT = new Quotas(256, 1024, 64, 1 << 20);

    /** Checks the limits. */
    public Quotas {
        require("channels", channels, 256);
        require("outstanding", outstanding, 1 << 20);
        require("submissionsPerTurn", submissionsPerTurn, 65_536);
        require("heldBytes", heldBytes, 1L << 30);
    }

    private static void require(final String name, final long value, final long limit) {
        if (value < 1 || value > limit) {
            throw new IllegalArgumentException("quota " + name + "=" + value + " must be 1 to " + limit);
        }
    }
}
