package io.vmrpc.guest.file;

import io.vmrpc.error.StatusException;
import io.vmrpc.error.VmrpcException;
import io.vmrpc.natives.Errno;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** What the host's errno and the session's end are in the exceptions of {@code java.nio.file}. */
final class FileErrors {
    private FileErrors() {
    }

    /** An exception for what the agent answered, or for the end of the session. */
    static IOException of(final VmrpcException cause, final Path path, final Path other) {
        if (cause instanceof StatusException answer && answer.detail() != 0) {
            return of(answer, answer.detail(), text(path), text(other));
        }
        final IOException exception = new FileSystemException(text(path), text(other), cause.getMessage());
        exception.initCause(cause);
        return exception;
    }

    private static String text(final Path path) {
        return path == null ? null : path.toString();
    }

    private static IOException of(final StatusException cause, final int errno, final String path, final String other) {
        final IOException exception = switch (errno) {
            case Errno.ENOENT -> new NoSuchFileException(path, other, null);
            case Errno.EEXIST -> new FileAlreadyExistsException(path, other, null);
            case Errno.EACCES -> new AccessDeniedException(path, other, null);
            case Errno.ENOTEMPTY -> new DirectoryNotEmptyException(path);
            case Errno.ENOTDIR -> new NotDirectoryException(path);
            case Errno.ELOOP -> new FileSystemLoopException(path);
            case Errno.EROFS -> readOnly(path, other);
            default -> new FileSystemException(path, other, reason(errno, cause));
        };
        if (exception.getCause() == null) {
            exception.initCause(cause);
        }
        return exception;
    }

    /** Checked, unlike ReadOnlyFileSystemException: other exports of the same file system can be written. */
    static AccessDeniedException readOnly(final String path, final String other) {
        return new AccessDeniedException(path, other, "Read-only file system: the operator of the host exports this folder for reading");
    }

    private static String reason(final int errno, final StatusException cause) {
        return switch (errno) {
            case Errno.EXDEV -> "the path leads out of the export (a symbolic link, .., or a mount point in it): Invalid cross-device link";
            case Errno.EMEDIUMTYPE -> "a device, pipe or socket of the host cannot be opened by a guest: Not a regular file";
            case Errno.EDQUOT, Errno.EMFILE -> Errno.words(errno, "") + " (" + cause.getMessage() + ")";
            default -> Errno.words(errno, "error " + errno);
        };
    }

    static int errno(final VmrpcException cause) {
        return cause instanceof StatusException answer ? answer.detail() : 0;
    }
}
