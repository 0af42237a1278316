package io.vmrpc.netty;

import io.netty.channel.ChannelOption;

/** Options of the host's sockets that {@link ChannelOption} lacks. */
public final class VmrpcChannelOption {
    /** Whether several sockets may be bound to one port and share its connections or datagrams (socket(7)). */
    public static final ChannelOption<Boolean> SO_REUSEPORT = ChannelOption.valueOf(VmrpcChannelOption.class, "SO_REUSEPORT");
    /** Seconds without traffic before the first keep-alive probe (tcp(7)). */
    public static final ChannelOption<Integer> TCP_KEEPIDLE = ChannelOption.valueOf(VmrpcChannelOption.class, "TCP_KEEPIDLE");
    /** Seconds between two keep-alive probes. */
    public static final ChannelOption<Integer> TCP_KEEPINTVL = ChannelOption.valueOf(VmrpcChannelOption.class, "TCP_KEEPINTVL");
    /** Keep-alive probes without an answer that end a connection. */
    public static final ChannelOption<Integer> TCP_KEEPCNT = ChannelOption.valueOf(VmrpcChannelOption.class, "TCP_KEEPCNT");
    /** Milliseconds that sent data may stay unacknowledged before the connection ends; 0: the kernel's own rule. */
    public static final ChannelOption<Integer> TCP_USER_TIMEOUT = ChannelOption.valueOf(VmrpcChannelOption.class, "TCP_USER_TIMEOUT");
    /** Index of the host's interface that multicast datagrams leave by; 0: by the routing table. */
    public static final ChannelOption<Integer> MULTICAST_INTERFACE = ChannelOption.valueOf(VmrpcChannelOption.class, "MULTICAST_INTERFACE");

    private VmrpcChannelOption() {
    }
}
