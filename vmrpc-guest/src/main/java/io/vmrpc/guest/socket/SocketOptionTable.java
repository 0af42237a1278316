package io.vmrpc.guest.socket;

import static io.vmrpc.guest.socket.VmSocketOptions.*;
import static java.net.StandardSocketOptions.*;
import static java.util.Map.entry;

import io.vmrpc.socket.SocketProtocol;
import java.net.SocketOption;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.net.ExtendedSocketOptions;

/** Options and their numbers on the wire. Which values are possible is the agent's and the kernel's to say. */
final class SocketOptionTable {
    private static final Map<SocketOption<?>, Integer> NUMBERS = Map.ofEntries(
        entry(SO_REUSEADDR, SocketProtocol.SO_REUSEADDR), entry(SO_REUSEPORT, SocketProtocol.SO_REUSEPORT),
        entry(TCP_NODELAY, SocketProtocol.TCP_NODELAY), entry(SO_KEEPALIVE, SocketProtocol.SO_KEEPALIVE),
        entry(SO_RCVBUF, SocketProtocol.SO_RCVBUF), entry(SO_SNDBUF, SocketProtocol.SO_SNDBUF),
        entry(SO_LINGER, SocketProtocol.SO_LINGER), entry(IP_TOS, SocketProtocol.IP_TOS),
        entry(SO_BROADCAST, SocketProtocol.SO_BROADCAST), entry(IP_MULTICAST_TTL, SocketProtocol.IP_MULTICAST_TTL),
        entry(IP_MULTICAST_LOOP, SocketProtocol.IP_MULTICAST_LOOP), entry(MULTICAST_INTERFACE, SocketProtocol.IP_MULTICAST_IF),
        entry(IPV6_V6ONLY, SocketProtocol.IPV6_V6ONLY), entry(SO_ERROR, SocketProtocol.SO_ERROR),
        entry(TCP_KEEPIDLE, SocketProtocol.TCP_KEEPIDLE), entry(TCP_KEEPINTERVAL, SocketProtocol.TCP_KEEPINTVL),
        entry(TCP_KEEPCOUNT, SocketProtocol.TCP_KEEPCNT), entry(TCP_USER_TIMEOUT, SocketProtocol.TCP_USER_TIMEOUT),
        entry(ExtendedSocketOptions.TCP_KEEPIDLE, SocketProtocol.TCP_KEEPIDLE),
        entry(ExtendedSocketOptions.TCP_KEEPINTERVAL, SocketProtocol.TCP_KEEPINTVL),
        entry(ExtendedSocketOptions.TCP_KEEPCOUNT, SocketProtocol.TCP_KEEPCNT));
    private static final Set<SocketOption<?>> COMMON = Set.of(SO_REUSEADDR, SO_REUSEPORT, SO_RCVBUF, SO_SNDBUF, IP_TOS, IPV6_V6ONLY, SO_ERROR);
    static final Set<SocketOption<?>> DATAGRAM = and(SO_BROADCAST, IP_MULTICAST_TTL, IP_MULTICAST_LOOP, MULTICAST_INTERFACE);
    static final Set<SocketOption<?>> STREAM = and(TCP_NODELAY, SO_KEEPALIVE, SO_LINGER, TCP_KEEPIDLE, TCP_KEEPINTERVAL, TCP_KEEPCOUNT,
        TCP_USER_TIMEOUT, ExtendedSocketOptions.TCP_KEEPIDLE, ExtendedSocketOptions.TCP_KEEPINTERVAL, ExtendedSocketOptions.TCP_KEEPCOUNT);
    /** What a listening socket has its connections inherit. */
    static final Set<SocketOption<?>> SERVER = STREAM;

    private SocketOptionTable() {
    }

    private static Set<SocketOption<?>> and(final SocketOption<?>... options) {
        return Stream.concat(COMMON.stream(), Stream.of(options)).collect(Collectors.toUnmodifiableSet());
    }

    /** Its number, if sockets of this kind have it. */
    static int number(final Set<SocketOption<?>> supported, final SocketOption<?> option) {
        if (!supported.contains(option)) {
            throw new UnsupportedOperationException("option=" + option + " is none of " + supported +
                (option == IP_MULTICAST_IF ? ": the interfaces are the host's, so use VmSocketOptions.MULTICAST_INTERFACE" : ""));
        }
        return NUMBERS.get(option);
    }

    static <T> long toWire(final SocketOption<T> option, final T value) {
        if (value instanceof Boolean flag) {
            return flag ? 1 : 0;
        }
        if (value instanceof Integer number) {
            return option.equals(SO_LINGER) ? Math.max(-1, number) : number;
        }
        throw new IllegalArgumentException("value=" + value + " of " + option + " must be a " + option.type().getSimpleName());
    }

    static <T> T fromWire(final SocketOption<T> option, final long value) {
        return option.type().cast(option.type() == Boolean.class ? (Object)(value != 0) : (Object)(int)value);
    }
}
