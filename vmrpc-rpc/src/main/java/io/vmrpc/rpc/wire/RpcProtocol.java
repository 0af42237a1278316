package io.vmrpc.rpc.wire;

/** Numbers of the typed calls' protocol. Source: docs/protocol.md, section 11. */
public final class RpcProtocol {
    /** Method that answers with the service's description. */
    public static final int METHOD_DESCRIBE = 0xffff;
    /** One-way method that carries a part of arguments too long for one record. */
    public static final int METHOD_CHUNK = 0xfffe;
    /** One-way method that grants a subscription further events. */
    public static final int METHOD_CREDIT = 0xfffd;
    /** Numbers of a service's own methods are below. */
    public static final int METHOD_LIMIT = 0xfff0;

    /** Request flag: metadata stands before the arguments. */
    public static final int FLAG_METADATA = 1;
    /** Request flag: the arguments came in chunks before; here stand the transfer's number and their length. */
    public static final int FLAG_CHUNKED = 2;
    /** Request flag: a failure may bring the host's stack trace. */
    public static final int FLAG_STACK = 4;
    /** Flags that this version knows. */
    public static final int FLAGS = FLAG_METADATA | FLAG_CHUNKED | FLAG_STACK;

    /** Bytes of the flags. */
    public static final int HEADER_LENGTH = Short.BYTES;
    /** Bytes before the data of a chunk: u32 number of the transfer, u32 offset of its first byte. */
    public static final int CHUNK_HEADER = 2 * Integer.BYTES;
    /** Bytes of a subscription's own words: u32 number, u32 credit. */
    public static final int SUBSCRIPTION_LENGTH = 2 * Integer.BYTES;
    /** The most bytes of metadata. */
    public static final int MAX_METADATA = 1024;

    /** Completion detail: the payload of a failure is a text. */
    public static final int DETAIL_TEXT = 0;
    /** Completion detail: the payload of a failure is type, message and perhaps stack trace, divided by NUL. */
    public static final int DETAIL_EXCEPTION = 1;

    private static final int FNV_OFFSET = 0x811c9dc5;
    private static final int FNV_PRIME = 0x01000193;

    private RpcProtocol() {
    }

    /**
     * The number of a method that has no other: FNV-1a of its name, reduced.
     *
     * @param name of the method, ASCII or not.
     * @return 0 to {@link #METHOD_LIMIT} - 1.
     */
    public static int methodId(final String name) {
        int hash = FNV_OFFSET;
        for (final byte each : name.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            hash = (hash ^ each & 0xff) * FNV_PRIME;
        }
        return Integer.remainderUnsigned(hash, METHOD_LIMIT);
    }
}
