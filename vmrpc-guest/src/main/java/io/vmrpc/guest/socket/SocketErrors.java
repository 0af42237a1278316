package io.vmrpc.guest.socket;

import io.vmrpc.error.StatusException;
import io.vmrpc.error.VmrpcException;
import io.vmrpc.natives.Errno;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketException;

/** What the host's errno and the session's end are in the exceptions of {@code java.net}. */
final class SocketErrors {
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
        final String text = words(errno) + (cause == null ? "" : " (" + cause.getMessage() + ")");
        final SocketException exception = switch (errno) {
            case Errno.ECONNREFUSED -> during == Operation.DATAGRAM ? new PortUnreachableException(text) : new ConnectException(text);
            case Errno.ETIMEDOUT -> during == Operation.CONNECT ? new ConnectException(text) : new SocketException(text);
            case Errno.EHOSTUNREACH, Errno.ENETUNREACH -> new NoRouteToHostException(text);
            case Errno.EADDRINUSE, Errno.EADDRNOTAVAIL -> new BindException(text);
            case Errno.EACCES -> new SocketException(denied(cause));
            default -> new SocketException(text);
        };
        exception.initCause(cause);
        return exception;
    }

    private static String words(final int errno) {
        return errno == Errno.ECONNRESET ? "Connection reset" : Errno.words(errno, "error " + errno); // the former as java.net has it
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
