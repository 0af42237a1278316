package io.vmrpc.guest.socket;

import static java.util.Map.entry;

import io.vmrpc.error.StatusException;
import io.vmrpc.error.VmrpcException;
import io.vmrpc.natives.Errno;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.util.Map;

/** What the host's errno and the session's end are in the exceptions of {@code java.net}. */
final class SocketErrors {
    static final int EPIPE = 32;
    static final int EMSGSIZE = 90;
    static final int EADDRINUSE = 98;
    static final int EADDRNOTAVAIL = 99;
    static final int ENETUNREACH = 101;
    static final int ECONNRESET = 104;
    static final int ENOBUFS = 105;
    static final int ETIMEDOUT = 110;
    static final int ECONNREFUSED = 111;
    static final int EHOSTUNREACH = 113;
    private static final Map<Integer, String> TEXT = Map.ofEntries(
        entry(Errno.EPERM, "Operation not permitted"), entry(Errno.ENOENT, "No such file or directory"), entry(9, "Bad file descriptor"),
        entry(Errno.EAGAIN, "Resource temporarily unavailable"), entry(12, "Cannot allocate memory"), entry(Errno.EACCES, "Permission denied"),
        entry(Errno.EINVAL, "Invalid argument"), entry(24, "Too many open files"), entry(EPIPE, "Broken pipe"),
        entry(38, "Function not implemented"), entry(EMSGSIZE, "Message too long"), entry(92, "Protocol not available"),
        entry(95, "Operation not supported"), entry(97, "Address family not supported by protocol"),
        entry(EADDRINUSE, "Address already in use"), entry(EADDRNOTAVAIL, "Cannot assign requested address"), entry(100, "Network is down"),
        entry(ENETUNREACH, "Network is unreachable"), entry(103, "Software caused connection abort"), entry(ECONNRESET, "Connection reset"),
        entry(ENOBUFS, "No buffer space available"), entry(106, "Transport endpoint is already connected"),
        entry(107, "Transport endpoint is not connected"), entry(ETIMEDOUT, "Connection timed out"),
        entry(ECONNREFUSED, "Connection refused"), entry(EHOSTUNREACH, "No route to host"), entry(115, "Operation now in progress"),
        entry(125, "Operation canceled"));

    private SocketErrors() {
    }

    /** What was done: decides between exceptions that mean the same errno. */
    enum Operation { CONNECT, DATAGRAM, OTHER }

    /**
     * An exception for an errno.
     *
     * @param errno as Linux numbers it.
     * @param during what.
     * @param cause the agent's answer, or null where an event told the errno.
     */
    static SocketException of(final int errno, final Operation during, final StatusException cause) {
        final String text = TEXT.getOrDefault(errno, "error " + errno) + (cause == null ? "" : " (" + cause.getMessage() + ")");
        final SocketException exception = switch (errno) {
            case ECONNREFUSED -> during == Operation.DATAGRAM ? new PortUnreachableException(text) : new ConnectException(text);
            case ETIMEDOUT -> during == Operation.CONNECT ? new ConnectException(text) : new SocketException(text);
            case EHOSTUNREACH, ENETUNREACH -> new NoRouteToHostException(text);
            case EADDRINUSE, EADDRNOTAVAIL -> new BindException(text);
            case Errno.EACCES -> new SocketException(denied(cause));
            default -> new SocketException(text);
        };
        exception.initCause(cause);
        return exception;
    }

    /** The host's kernel has its own reasons for EACCES (a low port, a broadcast without SO_BROADCAST); the agent's text tells them apart. */
    private static String denied(final StatusException cause) {
        if (cause != null && !cause.getMessage().contains("policy")) {
            return "Permission denied by the host's kernel (" + cause.getMessage() + "): use a port of 1024 or more, set SO_BROADCAST for a " +
                "broadcast, or have the agent run with the capability";
        }
        return "Permission denied: the policy of the host's operator does not allow this guest to use that address; have a rule added to the " +
            "agent's policy (docs/operations.md, What a guest may reach)" + (cause == null ? "" : " (" + cause.getMessage() + ")");
    }

    /** An exception for what the agent answered. */
    static IOException of(final StatusException answer, final Operation during) {
        if (answer.detail() != 0) {
            return of(answer.detail(), during, answer);
        }
        final SocketException exception = new SocketException("the agent refused: " + answer.getMessage());
        exception.initCause(answer);
        return exception;
    }

    /** An exception for the end of the session or the channel. */
    static SocketException lost(final VmrpcException cause) {
        final SocketException exception = new SocketException("the agent was restarted or the session ended, and the socket is gone (" +
            cause.getMessage() + "): connect again, and open it again with new Sockets");
        exception.initCause(cause);
        return exception;
    }
}
