package io.vmrpc.socket;

/** An address on the wire: docs/protocol.md, section 10. */
public final class SocketAddressDescriptor {
    /** Length of an IPv4 or IPv6 address, and of none. */
    public static final int LENGTH = 24;

    public static final int FAMILY = 0;
    public static final int PORT = 2;
    public static final int SCOPE = 4;
    public static final int BYTES = 8;

    private SocketAddressDescriptor() {
    }
}
