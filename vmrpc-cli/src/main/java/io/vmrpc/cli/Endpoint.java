package io.vmrpc.cli;

import io.netty.util.NetUtil;
import io.vmrpc.host.policy.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Addresses as they are written on the command line. No name is looked up. What is wrong is an IllegalArgumentException. */
final class Endpoint {
    private static final Pattern INTERNET = Pattern.compile("(?:([0-9.]+)|\\[([0-9a-fA-F:.]+)\\]):([0-9]{1,5})");
    private static final Pattern HOST = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]+");

    private Endpoint() {
    }

    static Transport transport(final String text) {
        return switch (text) {
            case "udp" -> Transport.UDP;
            case "tcp" -> Transport.TCP;
            case "unix" -> Transport.UNIX;
            default -> throw new IllegalArgumentException("'" + text + "' must be udp, tcp or unix");
        };
    }

    static SocketAddress address(final Transport transport, final String text) {
        if (transport == Transport.UNIX) {
            return UnixDomainSocketAddress.of(text);
        }
        final Matcher parts = INTERNET.matcher(text);
        if (parts.matches() && Integer.parseInt(parts.group(3)) <= 65_535) {
            return new InetSocketAddress(literal(parts.group(1) == null ? parts.group(2) : parts.group(1)), Integer.parseInt(parts.group(3)));
        }
        throw new IllegalArgumentException("'" + text + "' must be an address with a port, as in 10.0.0.1:80 or [fd00::1]:80");
    }

    static SocketAddress host(final String text) {
        return new InetSocketAddress(literal(text), 0);
    }

    private static InetAddress literal(final String text) {
        final InetAddress address = HOST.matcher(text).matches() ? NetUtil.createInetAddressFromIpAddressString(text) : null;
        if (address == null) {
            throw new IllegalArgumentException("'" + text + "' must be an address of IPv4 or IPv6, as in 10.0.0.1 or fd00::1");
        }
        return address;
    }
}
