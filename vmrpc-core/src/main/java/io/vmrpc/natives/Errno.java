package io.vmrpc.natives;

import static java.util.Map.entry;

import java.io.IOException;
import java.util.Map;

/** The errno values that this project's system calls meet, as text. */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EIO = 5;
    public static final int EBADF = 9;
    public static final int EAGAIN = 11;
    public static final int EACCES = 13;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int EXDEV = 18;
    public static final int ENOTDIR = 20;
    public static final int EISDIR = 21;
    public static final int EINVAL = 22;
    public static final int ENFILE = 23;
    public static final int EMFILE = 24;
    public static final int EFBIG = 27;
    public static final int ENOSPC = 28;
    public static final int EROFS = 30;
    public static final int EPIPE = 32;
    public static final int ENAMETOOLONG = 36;
    public static final int ENOSYS = 38;
    public static final int ENOTEMPTY = 39;
    public static final int ELOOP = 40;
    public static final int EMSGSIZE = 90;
    public static final int EOPNOTSUPP = 95;
    public static final int EAFNOSUPPORT = 97;
    public static final int EADDRINUSE = 98;
    public static final int EADDRNOTAVAIL = 99;
    public static final int ENETUNREACH = 101;
    public static final int ECONNRESET = 104;
    public static final int ENOBUFS = 105;
    public static final int ENOTCONN = 107;
    public static final int ETIMEDOUT = 110;
    public static final int ECONNREFUSED = 111;
    public static final int EHOSTUNREACH = 113;
    public static final int EINPROGRESS = 115;
    public static final int ESTALE = 116;
    public static final int EDQUOT = 122;
    public static final int EMEDIUMTYPE = 124;
    public static final int ECANCELED = 125;
    private static final Map<Integer, String> TEXT = Map.ofEntries(
        entry(EPERM, "Operation not permitted"), entry(ENOENT, "No such file or directory"), entry(ESRCH, "No such process"),
        entry(4, "Interrupted system call"), entry(EIO, "Input/output error"), entry(EBADF, "Bad file descriptor"),
        entry(EAGAIN, "Resource temporarily unavailable"), entry(12, "Cannot allocate memory"), entry(EACCES, "Permission denied"),
        entry(EBUSY, "Device or resource busy"), entry(EEXIST, "File exists"), entry(EXDEV, "Invalid cross-device link"), entry(19, "No such device"), entry(ENOTDIR, "Not a directory"),
        entry(EISDIR, "Is a directory"), entry(EFBIG, "File too large"), entry(EROFS, "Read-only file system"),
        entry(ENAMETOOLONG, "File name too long"), entry(ENOTEMPTY, "Directory not empty"), entry(EDQUOT, "Disk quota exceeded"),
        entry(EINVAL, "Invalid argument"), entry(EMFILE, "Too many open files"), entry(ENOSPC, "No space left on device"),
        entry(EPIPE, "Broken pipe"), entry(ENOSYS, "Function not implemented"), entry(ELOOP, "Too many symbolic links"),
        entry(EMSGSIZE, "Message too long"), entry(92, "Protocol not available"), entry(EOPNOTSUPP, "Operation not supported"),
        entry(EAFNOSUPPORT, "Address family not supported by protocol"), entry(EADDRINUSE, "Address already in use"),
        entry(EADDRNOTAVAIL, "Cannot assign requested address"), entry(100, "Network is down"),
        entry(ENETUNREACH, "Network is unreachable"), entry(103, "Software caused connection abort"),
        entry(ECONNRESET, "Connection reset by peer"), entry(ENOBUFS, "No buffer space available"),
        entry(106, "Transport endpoint is already connected"), entry(ENOTCONN, "Transport endpoint is not connected"),
        entry(ETIMEDOUT, "Connection timed out"), entry(ECONNREFUSED, "Connection refused"), entry(EHOSTUNREACH, "No route to host"),
        entry(EINPROGRESS, "Operation now in progress"), entry(ESTALE, "Stale file handle"), entry(EMEDIUMTYPE, "Not a regular file"),
        entry(ECANCELED, "Operation canceled"));

    private Errno() {
    }

    /**
     * Text of an errno.
     *
     * @param errno positive number.
     * @return for example {@code error(-22): Invalid argument}.
     */
    public static String text(final int errno) {
        return "error(-" + errno + "): " + words(errno, "errno " + errno);
    }

    /**
     * What an errno means, as the C library says it.
     *
     * @param errno positive number.
     * @param otherwise what to say of one that is not known here.
     * @return for example {@code Invalid argument}.
     */
    public static String words(final int errno, final String otherwise) {
        return TEXT.getOrDefault(errno, otherwise);
    }

    /**
     * Checks a result.
     *
     * @param result of a function of {@link Native}.
     * @param call what was called, for the message.
     * @return the result, not negative.
     * @throws IOException with the call and the errno's text if the result is negative.
     */
    public static long check(final long result, final String call) throws IOException {
        if (result < 0) {
            throw new IOException(call + " failed with " + text((int)-result));
        }
        return result;
    }
}
