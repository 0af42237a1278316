package io.vmrpc.host.policy;

/** How a socket carries its data. */
public enum Transport {
    /** Datagrams over IPv4 or IPv6. */
    UDP,
    /** A stream over IPv4 or IPv6. */
    TCP,
    /** A socket of the host's file system, stream or datagram. */
    UNIX
}
