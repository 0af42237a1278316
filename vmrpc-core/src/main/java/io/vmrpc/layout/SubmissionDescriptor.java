package io.vmrpc.layout;

/** A submission: one line, written by the guest. */
public final class SubmissionDescriptor {
    public static final int LENGTH = 64;

    public static final int COMMIT = 0;
    public static final int CORRELATION = 8;
    public static final int OPERATION = 16;
    public static final int FLAGS = 20;
    public static final int PAYLOAD_LENGTH = 24;
    public static final int RESERVED = 28;
    public static final int DEADLINE_NS = 32;
    public static final int PAYLOAD = 40;

    private SubmissionDescriptor() {
    }
}
