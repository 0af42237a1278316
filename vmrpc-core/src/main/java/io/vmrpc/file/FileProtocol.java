package io.vmrpc.file;

/** Numbers of the service "file". Source: docs/protocol.md, section 12. */
public final class FileProtocol {
    /** What a guest resolves. */
    public static final String SERVICE = "file";

    public static final int EXPORTS = 0;
    public static final int STAT = 1;
    public static final int OPEN = 2;
    public static final int READ = 3;
    public static final int WRITE = 4;
    public static final int CLOSE = 5;
    public static final int SYNC = 6;
    public static final int TRUNCATE = 7;
    public static final int ATTRIBUTES = 8;
    public static final int LIST = 9;
    public static final int MAKE_FOLDER = 10;
    public static final int REMOVE = 11;
    public static final int RENAME = 12;
    public static final int LINK = 13;
    public static final int MAKE_LINK = 14;
    public static final int READ_LINK = 15;
    public static final int REAL_PATH = 16;
    public static final int CHANGE = 17;
    public static final int ACCESS = 18;
    public static final int LOCK = 19;
    public static final int UNLOCK = 20;
    public static final int COPY = 21;
    public static final int STORE = 22;
    public static final int WATCHER = 23;
    public static final int WATCH = 24;
    public static final int UNWATCH = 25;
    public static final int CHANGES = 26;
    public static final int CLOSE_WATCHER = 27;

    /** Flag of OPEN. */
    public static final int OPEN_READ = 1;
    public static final int OPEN_WRITE = 2;
    public static final int OPEN_APPEND = 4;
    public static final int OPEN_TRUNCATE = 8;
    public static final int OPEN_CREATE = 16;
    public static final int OPEN_CREATE_NEW = 32;
    public static final int OPEN_SYNC = 64;
    public static final int OPEN_DATA_SYNC = 128;
    public static final int OPEN_NO_FOLLOW = 256;
    public static final int OPEN_FOLDER = 512;
    /** All flags of OPEN. */
    public static final int OPEN_FLAGS = 1023;

    /** Flag of STAT and CHANGE: of the symbolic link itself. */
    public static final int NO_FOLLOW = 1;
    /** Flag of REMOVE: a folder and nothing else. */
    public static final int REMOVE_FOLDER = 1;
    /** Flag of REMOVE: anything but a folder. */
    public static final int REMOVE_FILE = 2;
    /** Flag of RENAME: an existing target is replaced. */
    public static final int RENAME_REPLACE = 1;
    /** Flag of SYNC: size and content, not times. */
    public static final int SYNC_DATA = 1;
    /** Flag of LOCK: shared with other readers. */
    public static final int LOCK_SHARED = 1;
    /** Flag of LOCK: withheld until the lock is free. */
    public static final int LOCK_WAIT = 2;
    /** Flag of LIST: from the beginning. */
    public static final int LIST_REWIND = 1;
    /** Flag of an export. */
    public static final int EXPORT_READ_ONLY = 1;

    /** Position of an append. */
    public static final long APPEND = -1;
    /** A time, or with int range a mode, that CHANGE leaves as it is. */
    public static final long UNCHANGED_NS = Long.MIN_VALUE;
    public static final int UNCHANGED_MODE = -1;

    public static final int KIND_UNKNOWN = 0;
    public static final int KIND_FILE = 1;
    public static final int KIND_FOLDER = 2;
    public static final int KIND_LINK = 3;
    public static final int KIND_OTHER = 4;

    /** Bits of WATCH and of a change. */
    public static final int CHANGE_CREATED = 1;
    public static final int CHANGE_DELETED = 2;
    public static final int CHANGE_MODIFIED = 4;
    /** Bit of a change: some were lost. */
    public static final int CHANGE_OVERFLOW = 8;
    /** Bit of a change: the folder is watched no longer. */
    public static final int CHANGE_GONE = 16;

    /** Bytes before the data of WRITE. */
    public static final int WRITE_HEADER = 16;
    /** Longest path on the wire, export's name included. */
    public static final int MAX_PATH = 4095;
    /** Longest element of a path. */
    public static final int MAX_NAME = 255;

    private FileProtocol() {
    }
}
