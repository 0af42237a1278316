package io.vmrpc.layout;

/** The two messages on the agent's Unix socket: the shim's hello and the agent's welcome. */
public final class LinkDescriptor {
    public static final int LENGTH = 32;

    public static final int MAGIC = 0;
    public static final int VERSION = 8;

    public static final int HELLO_SHIM_KIND = 12;
    public static final int HELLO_REGION_ID = 16;
    public static final int HELLO_SHIM_EPOCH = 24;

    public static final int WELCOME_STATUS = 12;
    public static final int WELCOME_AGENT_EPOCH = 16;

    private LinkDescriptor() {
    }
}
