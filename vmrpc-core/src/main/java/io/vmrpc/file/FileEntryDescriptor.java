package io.vmrpc.file;

/** The head of a folder's entry, whose name follows: docs/protocol.md, section 12. */
public final class FileEntryDescriptor {
    public static final int LENGTH = 8;

    public static final int KIND = 0;
    public static final int NAME_LENGTH = 2;

    private FileEntryDescriptor() {
    }
}
