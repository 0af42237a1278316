package io.vmrpc.socket;

/** Numbers of the service "socket". Source: docs/protocol.md, section 10. */
public final class SocketProtocol {
    /** What a guest resolves. */
    public static final String SERVICE = "socket";

    public static final int EVENTS = 0;
    public static final int OPEN = 1;
    public static final int BIND = 2;
    public static final int CONNECT = 3;
    public static final int LISTEN = 4;
    public static final int SEND = 5;
    public static final int CREDIT = 6;
    public static final int SHUTDOWN = 7;
    public static final int CLOSE = 8;
    public static final int SET_OPTION = 9;
    public static final int GET_OPTION = 10;
    public static final int NAME = 11;
    public static final int LOOKUP = 12;
    public static final int MEMBERSHIP = 13;
    public static final int ADOPT = 14;
    public static final int ABORT = 15;

    public static final int FAMILY_NONE = 0;
    public static final int FAMILY_IPV4 = 1;
    public static final int FAMILY_IPV6 = 2;
    public static final int FAMILY_UNIX = 3;

    public static final int TYPE_STREAM = 1;
    public static final int TYPE_DATAGRAM = 2;
    /** Flag of OPEN. */
    public static final int OPEN_IPV6_ONLY = 1;

    public static final int SHUTDOWN_READING = 0;
    public static final int SHUTDOWN_WRITING = 1;
    public static final int SHUTDOWN_BOTH = 2;

    public static final int EVENT_DATA = 1;
    public static final int EVENT_END = 2;
    public static final int EVENT_ERROR = 3;
    public static final int EVENT_ACCEPTED = 4;
    public static final int EVENT_SENT = 5;

    /** Flag of SEND and DATA: the datagram goes on in the next record. */
    public static final int FRAGMENT = 1;
    /** Flag of SEND and DATA: an address precedes the data. */
    public static final int ADDRESS = 2;

    /** Bytes before the arguments or the data of SEND, BIND, CONNECT and of every event. */
    public static final int HEADER = 8;
    /** What a record takes of a window beyond its data (rule R48). */
    public static final int RECORD_COST = 64;
    /** The longest datagram that IPv4 and IPv6 carry. */
    public static final int MAX_DATAGRAM = 65_535;

    /** Longest path of a Unix socket's address. */
    public static final int MAX_PATH = 107;
    /** Length of the longest address. */
    public static final int MAX_ADDRESS = 120;

    public static final int SO_REUSEADDR = 1;
    public static final int SO_REUSEPORT = 2;
    public static final int TCP_NODELAY = 3;
    public static final int SO_KEEPALIVE = 4;
    public static final int SO_RCVBUF = 5;
    public static final int SO_SNDBUF = 6;
    public static final int SO_LINGER = 7;
    public static final int IP_TOS = 8;
    public static final int SO_BROADCAST = 9;
    public static final int IP_MULTICAST_TTL = 10;
    public static final int IP_MULTICAST_LOOP = 11;
    public static final int IP_MULTICAST_IF = 12;
    public static final int IPV6_V6ONLY = 13;
    public static final int SO_ERROR = 14;
    public static final int TCP_KEEPIDLE = 15;
    public static final int TCP_KEEPINTVL = 16;
    public static final int TCP_KEEPCNT = 17;
    public static final int TCP_USER_TIMEOUT = 18;

    private SocketProtocol() {
    }
}
