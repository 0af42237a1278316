package io.vmrpc.file;

/** The head of a change in a watched folder, whose entry's name follows: docs/protocol.md, section 12. */
public final class FileChangeDescriptor {
    public static final int LENGTH = 16;

    public static final int WATCH = 0;
    public static final int BITS = 4;
    public static final int NAME_LENGTH = 8;

    private FileChangeDescriptor() {
    }
}
