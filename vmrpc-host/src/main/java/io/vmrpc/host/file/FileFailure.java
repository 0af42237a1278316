package io.vmrpc.host.file;

import io.vmrpc.error.Status;
import io.vmrpc.host.service.ErrnoFailure;
import io.vmrpc.natives.Errno;

/** A request that is answered with an errno (rule R62). */
final class FileFailure extends ErrnoFailure {
    private static final long serialVersionUID = 1;

    FileFailure(final int errno, final String text) {
        super(errno, text);
    }

    @Override
    public Status status() {
        return switch (errno()) {
            case Errno.ENOENT -> Status.NOT_FOUND;
            case Errno.EEXIST -> Status.ALREADY_EXISTS;
            case Errno.EACCES, Errno.EPERM, Errno.EROFS, Errno.EXDEV, Errno.EMEDIUMTYPE -> Status.PERMISSION_DENIED;
            case Errno.EBADF, Errno.ESTALE, Errno.EINVAL, Errno.ENAMETOOLONG -> Status.INVALID_ARGUMENT;
            case Errno.EMFILE, Errno.ENOBUFS, Errno.EDQUOT, Errno.ENOSPC -> Status.RESOURCE_EXHAUSTED;
            case Errno.ENOSYS -> Status.UNIMPLEMENTED;
            case Errno.EIO -> Status.INTERNAL;
            default -> Status.FAILED_PRECONDITION;
        };
    }

    /** The result of a system call, if it is not negative. A network file system's own ESTALE is EIO here: a guest's handles are as good as before. */
    static long check(final long result, final String call) throws FileFailure {
        if (result < 0) {
            throw new FileFailure(result == -Errno.ESTALE ? Errno.EIO : (int)-result, text(call, (int)-result));
        }
        return result;
    }

    static FileFailure malformed(final String what) {
        return new FileFailure(Errno.EINVAL, what);
    }
}
