package io.vmrpc.host.socket;

import io.vmrpc.error.Status;
import io.vmrpc.host.service.ErrnoFailure;
import io.vmrpc.natives.Errno;

/** A request that is answered with an errno (rule R49). */
final class SocketFailure extends ErrnoFailure {
    SocketFailure(final int errno, final String text) {
        super(errno, text);
    }

    @Override
    public Status status() {
        return switch (errno()) {
            case Errno.EACCES -> Status.PERMISSION_DENIED;
            case Errno.EBADF, Errno.EINVAL -> Status.INVALID_ARGUMENT;
            case Errno.EMFILE -> Status.RESOURCE_EXHAUSTED;
            case Errno.ENOSYS -> Status.UNIMPLEMENTED;
            case Errno.ECANCELED -> Status.CANCELLED;
            default -> Status.UNAVAILABLE;
        };
    }

    /** The result of a system call, if it is not negative. */
    static long check(final long result, final String call) throws SocketFailure {
        if (result < 0) {
            throw new SocketFailure((int)-result, text(call, (int)-result));
        }
        return result;
    }

    static SocketFailure malformed(final String what) {
        return new SocketFailure(Errno.EINVAL, what);
    }
}
