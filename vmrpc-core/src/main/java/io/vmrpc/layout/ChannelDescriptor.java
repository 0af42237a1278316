package io.vmrpc.layout;

/** The three lines at the head of a channel; its rings and payload buffers follow (see {@link Geometry}). */
public final class ChannelDescriptor {
    public static final int HEADER_LENGTH = 256;

    public static final int GUEST = 0;
    public static final int COMPLETION_HEAD = GUEST;

    public static final int AGENT = 64;
    public static final int SUBMISSION_HEAD = AGENT;

    /** Read by the guest after every batch, written seldom: a line of its own. */
    public static final int BLOCKED = 128;
    public static final int COMPLETION_BLOCKED = BLOCKED;

    private ChannelDescriptor() {
    }
}
