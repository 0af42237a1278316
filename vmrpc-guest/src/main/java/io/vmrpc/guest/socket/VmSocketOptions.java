package io.vmrpc.guest.socket;

import java.net.SocketOption;

/** Options that {@link java.net.StandardSocketOptions} lacks, or that mean something of the guest there. */
public final class VmSocketOptions {
    /**
     * Index of the host's interface that multicast datagrams leave by (ip(7), IP_MULTICAST_IF); 0: by the routing table. Of an IPv4 socket
     * Linux does not tell the index again: it reads as 0.
     */
    public static final SocketOption<Integer> MULTICAST_INTERFACE = new Option<>("MULTICAST_INTERFACE", Integer.class);
    /** Whether an IPv6 socket takes no IPv4. Read only: open with {@link VmProtocolFamily#INET6_ONLY}. */
    public static final SocketOption<Boolean> IPV6_V6ONLY = new Option<>("IPV6_V6ONLY", Boolean.class);
    /** The errno that the host's kernel keeps for the socket, 0 for none; reading it clears it. Read only. */
    public static final SocketOption<Integer> SO_ERROR = new Option<>("SO_ERROR", Integer.class);
    /** Seconds without traffic before the first keep-alive probe (tcp(7)). */
    public static final SocketOption<Integer> TCP_KEEPIDLE = new Option<>("TCP_KEEPIDLE", Integer.class);
    /** Seconds between two keep-alive probes. */
    public static final SocketOption<Integer> TCP_KEEPINTERVAL = new Option<>("TCP_KEEPINTERVAL", Integer.class);
    /** Keep-alive probes without an answer that end a connection. */
    public static final SocketOption<Integer> TCP_KEEPCOUNT = new Option<>("TCP_KEEPCOUNT", Integer.class);
    /** Milliseconds that sent data may stay unacknowledged before the connection ends; 0: the kernel's own rule. */
    public static final SocketOption<Integer> TCP_USER_TIMEOUT = new Option<>("TCP_USER_TIMEOUT", Integer.class);

    private VmSocketOptions() {
    }

    private record Option<T>(String name, Class<T> type) implements SocketOption<T> {
        @Override
        public String toString() {
            return name;
        }
    }
}
