package io.vmrpc.layout;

/**
 * A park slot: the request of the guest, the event counter of the agent, the answer of the shim, a line each.
 */
public final class SlotDescriptor {
    public static final int LENGTH = 256;

    public static final int GUEST = 0;
    public static final int ARMED = GUEST;
    public static final int EXPECTED = GUEST + 4;
    public static final int DEADLINE_NS = GUEST + 8;
    public static final int FLAGS = GUEST + 16;

    public static final int AGENT = 64;
    public static final int EVENT = AGENT;

    public static final int SHIM = 128;
    public static final int ACKS = SHIM;
    public static final int REASON = SHIM + 8;
    public static final int PARKED = SHIM + 12;
    public static final int ENTERED_NS = SHIM + 16;
    public static final int RETURNED_NS = SHIM + 24;
    public static final int PARKS = SHIM + 32;
    public static final int KICKS = SHIM + 40;

    private SlotDescriptor() {
    }
}
