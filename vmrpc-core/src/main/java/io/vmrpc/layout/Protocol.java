package io.vmrpc.layout;

/** Numbers of the protocol that are not offsets. Source: docs/protocol.md. */
public final class Protocol {
    /** {@code "VMRPC-01"}, little-endian. */
    public static final long MAGIC = 0x31302d4350524d56L;
    public static final int VERSION_MAJOR = 1;
    public static final int VERSION_MINOR = 0;
    public static final int VERSION = VERSION_MAJOR << 16 | VERSION_MINOR;

    public static final int LINE = 64;
    public static final int PAGE = 4096;

    public static final int MAX_SLOTS = 256;
    public static final int MAX_CHANNELS = 256;
    public static final int MAX_RING_CAPACITY = 65_536;
    public static final int MAX_PAYLOAD = 1 << 20;
    /** A shim ends every park after this many nanoseconds. */
    public static final long MAX_PARK_NS = 60_000_000_000L;

    /** Slot number that means "wake nobody". */
    public static final int NO_SLOT = -1;
    /** Absolute deadline that never comes. */
    public static final long NO_DEADLINE = Long.MAX_VALUE;
    /** Payloads up to this many bytes travel in the record's own line. */
    public static final int INLINE_CAPACITY = 24;

    public static final long FEATURE_SUBSCRIPTIONS = 1;
    public static final long FEATURE_DEADLINES = 2;
    public static final long FEATURES = FEATURE_SUBSCRIPTIONS | FEATURE_DEADLINES;
    /** Feature bits that a guest demands rather than offers (rule R13). */
    public static final long DEMANDS = 0xffff_ffff_0000_0000L;

    public static final int SESSION_NONE = 0;
    public static final int SESSION_OPEN = 1;
    public static final int SESSION_REFUSED = 2;
    public static final int SESSION_ENDED = 3;

    public static final int SHIM_LOOPBACK = 1;
    public static final int SHIM_QEMU_TCG = 2;
    public static final int SHIM_QEMU_KVM = 3;

    public static final int INSTRUCTION_CALL = 1;
    public static final int INSTRUCTION_NOP = 2;
    public static final int INSTRUCTION_OUT = 3;

    public static final int KICK_SLICES = 0;
    public static final int KICK_HOOK = 1;

    public static final int PARK_FUTEX = 0;
    public static final int PARK_HALTED = 1;

    public static final int REFUSAL_SINGLE_THREADED_TCG = 1;
    public static final int REFUSAL_NO_IRQCHIP = 2;
    public static final int REFUSAL_SECCOMP = 3;

    public static final int LINK_NEVER = 0;
    public static final int LINK_UP = 1;
    public static final int LINK_DOWN = 2;

    public static final int LINKED = 0;
    public static final int LINK_BUSY = 1;
    public static final int LINK_FOREIGN_REGION = 2;
    public static final int LINK_VERSION = 3;

    public static final int LOCK_AGENT = 0;
    public static final int LOCK_SHIM = 1;
    public static final int LOCK_GUEST = 2;
    public static final int LOCK_SLOT = 16;

    public static final int SLOT_DOORBELL = 1;
    public static final int SUBMIT_SUBSCRIBE = 1;
    public static final int SUBMIT_ONE_WAY = 2;
    public static final int COMPLETE_MORE = 1;

    public static final int SERVICE_SESSION = 0;
    public static final int METHOD_PING = 0;
    public static final int METHOD_OPEN_CHANNEL = 1;
    public static final int METHOD_CLOSE_CHANNEL = 2;
    public static final int METHOD_CANCEL = 3;
    public static final int METHOD_RESOLVE = 4;

    private Protocol() {
    }

    /**
     * The operation number of a method.
     *
     * @param service number of the service, 0 to 65535.
     * @param method number of the method within it, 0 to 65535.
     * @return the number that a submission carries.
     */
    public static int operation(final int service, final int method) {
        return service << 16 | method & 0xffff;
    }

    /**
     * Text of a version.
     *
     * @param version major and minor in one number.
     * @return for example {@code 1.0}.
     */
    public static String versionText(final int version) {
        return (version >>> 16) + "." + (version & 0xffff);
    }
}
