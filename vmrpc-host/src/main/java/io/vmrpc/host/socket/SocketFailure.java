package io.vmrpc.host.socket;

import io.vmrpc.error.Status;
import io.vmrpc.natives.Errno;

/** A request that is answered with an errno (rule R49). Has no stack trace: it is an answer to a guest, not a fault of this code. */
final class SocketFailure extends Exception {
    static final int EBADF = 9;
    static final int EMFILE = 24;
    static final int ENOSYS = 38;
    static final int ECANCELED = 125;
    static final int EMSGSIZE = 90;
    static final int EAFNOSUPPORT = 97;
    static final int ENOBUFS = 105;
    static final int EISCONN = 106;
    static final int ENOTCONN = 107;
    static final int EINPROGRESS = 115;
    private final int errno;

    SocketFailure(final int errno, final String text) {
        super(text, null, false, false);
        this.errno = errno;
    }

    int errno() {
        return errno;
    }

    Status status() {
        return switch (errno) {
            case Errno.EACCES -> Status.PERMISSION_DENIED;
            case EBADF, Errno.EINVAL -> Status.INVALID_ARGUMENT;
            case EMFILE -> Status.RESOURCE_EXHAUSTED;
            case ENOSYS -> Status.UNIMPLEMENTED;
            case ECANCELED -> Status.CANCELLED;
            default -> Status.UNAVAILABLE;
        };
    }

    /** The result of a system call, if it is not negative. */
    static long check(final long result, final String call) throws SocketFailure {
        if (result < 0) {
            throw new SocketFailure((int)-result, call + " failed on the host with " + Errno.text((int)-result));
        }
        return result;
    }

    static SocketFailure malformed(final String what) {
        return new SocketFailure(Errno.EINVAL, what);
    }
}
