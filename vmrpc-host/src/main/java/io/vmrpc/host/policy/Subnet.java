package io.vmrpc.host.policy;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Addresses of IPv4 or IPv6 that share a prefix. Netty does the matching; this class keeps what Netty's does not tell and adds the rule
 * about addresses of the host itself. It never asks a name server.
 */
final class Subnet {
    /** Literals alone: no name, no brackets, no scope. */
    private static final Pattern TEXT = Pattern.compile("([0-9.]+|[0-9a-fA-F.]*:[0-9a-fA-F:.]*)(?:/([0-9]{1,3}))?");
    private final InetAddress network;
    private final boolean isSingle;
    private final IpSubnetFilterRule rule;

    private Subnet(final InetAddress network, final int prefix) {
        this.network = network;
        isSingle = prefix == network.getAddress().length * Byte.SIZE;
        rule = new IpSubnetFilterRule(network, prefix, IpFilterRuleType.ACCEPT);
    }

    /** {@return of {@code 10.0.0.0/8} or {@code fd00::/8}; a single address without a prefix} */
    static Subnet parse(final String text) {
        final Matcher parts = TEXT.matcher(text);
        final byte[] bytes = parts.matches() ? NetUtil.createByteArrayFromIpAddressString(parts.group(1)) : null;
        if (bytes == null) {
            throw new IllegalArgumentException("'" + text + "' must be an address of IPv4 or IPv6, as in 192.168.0.7, or a subnet, as in 10.0.0.0/8 " +
                "or \"fd00::/8\"; names and scopes are not taken");
        }
        final InetAddress network = address(bytes);
        if (network.getAddress().length != bytes.length) {
            throw new IllegalArgumentException("'" + text + "' is an IPv4-mapped address: write it as IPv4, as which it is judged");
        }
        if (network instanceof Inet4Address && !network.getHostAddress().equals(parts.group(1))) {
            throw new IllegalArgumentException("'" + text + "' is ambiguous: write the address as " + network.getHostAddress());
        }
        final int length = bytes.length * Byte.SIZE;
        final int prefix = parts.group(2) == null ? length : Integer.parseInt(parts.group(2));
        if (prefix > length) {
            throw new IllegalArgumentException("'" + text + "' has a prefix of more than " + length + " bits");
        }
        if (hasBitsFrom(prefix, bytes)) {
            throw new IllegalArgumentException("'" + text + "' has bits set beyond its prefix: clear them, or leave the prefix out for a single address");
        }
        return new Subnet(network, prefix);
    }

    private static boolean hasBitsFrom(final int first, final byte[] bytes) {
        for (int bit = first; bit < bytes.length * Byte.SIZE; bit++) {
            if ((bytes[bit / Byte.SIZE] & 0x80 >> bit % Byte.SIZE) != 0) {
                return true;
            }
        }
        return false;
    }

    private static InetAddress address(final byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes); // turns an IPv4-mapped one into IPv4
        } catch (final UnknownHostException e) {
            throw new IllegalArgumentException(e); // 4 or 16 bytes: cannot happen
        }
    }

    /** {@return the address as it is judged: without a scope, and IPv4 if it is IPv4-mapped} */
    static InetSocketAddress plain(final InetSocketAddress address) {
        return address.getAddress() instanceof Inet6Address host ? new InetSocketAddress(address(host.getAddress()), address.getPort()) : address;
    }

    /**
     * Whether an address has this prefix. Allocates for IPv6.
     *
     * @param address that is {@link #plain}.
     */
    boolean contains(final InetSocketAddress address) {
        return rule.matches(address);
    }

    /**
     * Whether an address that is contained is also meant. Loopback is by subnets that lie within loopback, a wildcard (any local address
     * for bind, and loopback for connect: Linux, ip_route_output_key_hash_rcu) by itself, so that 0.0.0.0/0 is the network, not the host.
     */
    boolean means(final InetAddress contained) {
        if (contained.isAnyLocalAddress()) {
            return isSingle;
        }
        return !contained.isLoopbackAddress() || network.isLoopbackAddress(); // 127 ends in a set bit: no shorter prefix than 8 begins there
    }
}
