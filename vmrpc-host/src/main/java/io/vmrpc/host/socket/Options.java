package io.vmrpc.host.socket;

import static io.vmrpc.socket.SocketProtocol.*;

/** Which values of options a guest may set; what is not bounded here the kernel bounds. */
final class Options {
    private static final int MAX_BUFFER = 1 << 30;

    private Options() {
    }

    static void check(final int option, final long value) throws SocketFailure {
        final long least = switch (option) {
            case SO_LINGER -> -1;
            case SO_RCVBUF, SO_SNDBUF, TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT -> 1;
            default -> 0;
        };
        final long most = switch (option) {
            case SO_REUSEADDR, SO_REUSEPORT, TCP_NODELAY, SO_KEEPALIVE, SO_BROADCAST, IP_MULTICAST_LOOP -> 1;
            case IP_TOS, IP_MULTICAST_TTL -> 255;
            case SO_LINGER, TCP_KEEPIDLE, TCP_KEEPINTVL -> 32_767;
            case TCP_KEEPCNT -> 127;
            case SO_RCVBUF, SO_SNDBUF -> MAX_BUFFER;
            case IP_MULTICAST_IF, TCP_USER_TIMEOUT -> Integer.MAX_VALUE;
            default -> throw SocketFailure.malformed("option=" + option + " is not known or cannot be set");
        };
        if (value < least || value > most) {
            throw SocketFailure.malformed("option=" + option + " value=" + value + " must be " + least + " to " + most);
        }
    }
}
