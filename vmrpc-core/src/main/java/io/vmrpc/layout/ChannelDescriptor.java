package io.vmrpc.layout;

/** The two lines at the head of a channel; its rings and payload buffers follow (see {@link Geometry}). */
public final class ChannelDescriptor {
    public static final int HEADER_LENGTH = 256;

    public static final int GUEST = 0;
    public static final int COMPLETION_HEAD = GUEST;

    public static final int AGENT = 64;
    public static final int SUBMISSION_HEAD = AGENT;
    public static final int COMPLETION_BLOCKED = AGENT + 8;

    private ChannelDescriptor() {
    }
}
