package io.vmrpc.socket;

/** The head of an event: docs/protocol.md, section 10. */
public final class SocketEventDescriptor {
    public static final int LENGTH = 8;

    public static final int SOCKET = 0;
    public static final int KIND = 4;
    public static final int FLAGS = 6;

    private SocketEventDescriptor() {
    }
}
