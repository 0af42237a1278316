package io.vmrpc.layout;

/** A completion: one line, written by the agent. */
public final class CompletionDescriptor {
    public static final int LENGTH = 64;

    public static final int COMMIT = 0;
    public static final int CORRELATION = 8;
    public static final int STATUS = 16;
    public static final int FLAGS = 20;
    public static final int PAYLOAD_LENGTH = 24;
    public static final int DETAIL = 28;
    public static final int LOST = 32;
    public static final int PAYLOAD = 40;

    private CompletionDescriptor() {
    }
}
