package io.vmrpc.layout;

/**
 * The header of a region: five lines, each with one writer.
 *
 * <pre>
 *   0  identity     agent at creation, then constant
 *  64  agent        agent
 * 128  agent sleep  agent
 * 192  guest        guest
 * 256  shim         shim
 * </pre>
 */
public final class HeaderDescriptor {
    public static final int LENGTH = 4096;

    public static final int MAGIC = 0;
    public static final int VERSION = 8;
    public static final int HEADER_LENGTH = 12;
    public static final int REGION_LENGTH = 16;
    public static final int REGION_ID = 24;
    public static final int SLOT_COUNT = 32;
    public static final int SLOT_OFFSET = 36;
    public static final int CHANNEL_COUNT = 40;
    public static final int CHANNEL_OFFSET = 44;
    public static final int CHANNEL_STRIDE = 48;
    public static final int RING_CAPACITY = 52;
    public static final int PAYLOAD_CAPACITY = 56;

    public static final int AGENT = 64;
    public static final int AGENT_EPOCH = AGENT;
    public static final int AGENT_FEATURES = AGENT + 8;
    public static final int SESSION_EPOCH = AGENT + 16;
    public static final int SESSION_STATUS = AGENT + 24;
    public static final int SESSION_REASON = AGENT + 28;
    public static final int AGENT_VERSION = AGENT + 32;

    public static final int AGENT_SLEEP = 128;
    public static final int SLEEPING = AGENT_SLEEP;

    public static final int GUEST = 192;
    public static final int GUEST_EPOCH = GUEST;
    public static final int GUEST_FEATURES = GUEST + 8;
    public static final int GUEST_VERSION = GUEST + 16;
    public static final int CONTROL_SLOT = GUEST + 20;

    public static final int SHIM = 256;
    public static final int SHIM_EPOCH = SHIM;
    public static final int SHIM_KIND = SHIM + 8;
    public static final int SHIM_VERSION = SHIM + 12;
    public static final int INSTRUCTION = SHIM + 16;
    public static final int KICK_MODE = SHIM + 20;
    public static final int SLOTS_SERVED = SHIM + 24;
    public static final int LINK = SHIM + 28;
    public static final int LINK_EPOCH = SHIM + 32;
    public static final int SLICE_NS = SHIM + 40;
    public static final int REFUSAL = SHIM + 48;
    public static final int PARK_MODE = SHIM + 52;

    private HeaderDescriptor() {
    }
}
