package io.vmrpc.guest.socket;

import io.vmrpc.error.VmrpcException;
import java.io.IOException;
import java.net.SocketException;

/** What one socket was told that went wrong. The owner's. */
final class SocketFailures {
    private final VmSocket socket;
    /** Of an ERROR that the next operation throws. */
    private int pendingErrno;
    private int fatalErrno;
    private VmrpcException lost;

    SocketFailures(final VmSocket socket) {
        this.socket = socket;
    }

    void onError(final int errno, final boolean isFatal) {
        if (isFatal) {
            fatalErrno = errno;
        } else {
            pendingErrno = errno;
        }
        socket.notices.signal(missed());
    }

    /** The session is gone, and the socket with it. */
    void onLost(final VmrpcException cause) {
        lost = cause;
        socket.notices.signal(missed());
    }

    boolean hasFailed() {
        return pendingErrno != 0 || isFatal();
    }

    boolean isFatal() {
        return fatalErrno != 0 || lost != null;
    }

    /** Notices of what there is. */
    int missed() {
        return (hasFailed() ? Notices.READABLE : 0) | (isFatal() ? Notices.CLOSED : 0);
    }

    /** Why the socket is of no use any more, or null. */
    SocketException fatal() {
        return lost != null ? SocketErrors.lost(lost) : fatalErrno == 0 ? null : SocketErrors.of(fatalErrno, socket.kind(), null);
    }

    /** Throws what there is; what is not fatal only once. */
    void throwAny() throws IOException {
        if (isFatal()) {
            throw fatal();
        }
        if (pendingErrno != 0) {
            final int errno = pendingErrno;
            pendingErrno = 0;
            throw SocketErrors.of(errno, socket.kind(), null);
        }
    }
}
