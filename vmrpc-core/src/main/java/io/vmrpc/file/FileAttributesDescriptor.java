package io.vmrpc.file;

/** What is known of a file: docs/protocol.md, section 12. */
public final class FileAttributesDescriptor {
    public static final int LENGTH = 64;

    public static final int SIZE = 0;
    public static final int MODIFIED_NS = 8;
    public static final int ACCESSED_NS = 16;
    public static final int CHANGED_NS = 24;
    public static final int CREATED_NS = 32;
    public static final int INODE = 40;
    public static final int MODE = 48;
    public static final int LINKS = 52;
    public static final int UID = 56;
    public static final int GID = 60;

    private FileAttributesDescriptor() {
    }
}
