package io.vmrpc.natives;

import java.io.IOException;
import java.util.Map;

/** The errno values that this project's system calls meet, as text. */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EAGAIN = 11;
    public static final int EACCES = 13;
    public static final int EINVAL = 22;
    public static final int ELOOP = 40;
    public static final int EMEDIUMTYPE = 124;
    private static final Map<Integer, String> TEXT = Map.ofEntries(
        Map.entry(EPERM, "Operation not permitted"), Map.entry(ENOENT, "No such file or directory"),
        Map.entry(ESRCH, "No such process"), Map.entry(4, "Interrupted system call"), Map.entry(5, "Input/output error"),
        Map.entry(9, "Bad file descriptor"), Map.entry(EAGAIN, "Resource temporarily unavailable"),
        Map.entry(12, "Cannot allocate memory"), Map.entry(EACCES, "Permission denied"), Map.entry(16, "Device or resource busy"),
        Map.entry(17, "File exists"), Map.entry(19, "No such device"), Map.entry(21, "Is a directory"),
        Map.entry(EINVAL, "Invalid argument"), Map.entry(24, "Too many open files"), Map.entry(28, "No space left on device"),
        Map.entry(32, "Broken pipe"), Map.entry(38, "Function not implemented"),
        Map.entry(90, "Message too long"), Map.entry(97, "Address family not supported by protocol"), Map.entry(98, "Address already in use"),
        Map.entry(99, "Cannot assign requested address"), Map.entry(101, "Network is unreachable"), Map.entry(104, "Connection reset by peer"),
        Map.entry(105, "No buffer space available"), Map.entry(106, "Transport endpoint is already connected"),
        Map.entry(107, "Transport endpoint is not connected"), Map.entry(110, "Connection timed out"), Map.entry(111, "Connection refused"),
        Map.entry(113, "No route to host"), Map.entry(115, "Operation now in progress"),
        Map.entry(ELOOP, "Too many symbolic links"),
        Map.entry(EMEDIUMTYPE, "Not a regular file"));

    private Errno() {
    }

    /**
     * Text of an errno.
     *
     * @param errno positive number.
     * @return for example {@code error(-22): Invalid argument}.
     */
    public static String text(final int errno) {
        return "error(-" + errno + "): " + TEXT.getOrDefault(errno, "errno " + errno);
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
