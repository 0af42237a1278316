package io.vmrpc.guest.socket;

import java.net.ProtocolFamily;

/** Families that {@link java.net.StandardProtocolFamily} lacks. */
public enum VmProtocolFamily implements ProtocolFamily {
    /** IPv6, and no IPv4 in its mapped form: what Linux calls IPV6_V6ONLY (ipv6(7)). Another socket may use the same port of IPv4. */
    INET6_ONLY
}
