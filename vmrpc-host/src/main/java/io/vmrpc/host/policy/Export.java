package io.vmrpc.host.policy;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A folder of the host that a guest may use.
 *
 * @param name the first element of the guest's paths: letters, digits, {@code . _ -}, at most 64, and not {@code .} or {@code ..}.
 * @param folder absolute path on the host.
 * @param isReadOnly whether nothing in it can be changed.
 * @param bytes the sizes of all files in it together that the guest can make it reach, {@link #UNLIMITED}: no bound.
 * @param files files, folders and links in it that the guest can make it reach, {@link #UNLIMITED}: no bound.
 * @param handles files and folders open at a time, 1 to {@link #MAX_HANDLES}.
 */
public record Export(String name, Path folder, boolean isReadOnly, long bytes, long files, int handles) {
    /** No bound. */
    public static final long UNLIMITED = Long.MAX_VALUE;
    /** Most handles that can be permitted. */
    public static final int MAX_HANDLES = 65_536;
    /** Most bytes that can be permitted and are not unlimited; of files, too. */
    public static final long MAX_QUOTA = 1L << 50;
    /** What a file that says nothing means. */
    public static final int DEFAULT_HANDLES = 256;
    private static final Pattern NAME = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]{1,64}");

    /** Checks everything. */
    public Export {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("the export's name '" + name + "' must be 1 to 64 letters, digits, '.', '_' or '-'");
        }
        if (!PathGlob.isProper(folder)) {
            throw new IllegalArgumentException("folder=" + folder + " of export " + name + " must be an absolute path without '.' or '..'");
        }
        require("bytes", bytes == UNLIMITED ? 1 : bytes, MAX_QUOTA);
        require("files", files == UNLIMITED ? 1 : files, MAX_QUOTA);
        require("handles", handles, MAX_HANDLES);
    }

    private static void require(final String name, final long value, final long to) {
        if (value < 1 || value > to) {
            throw new IllegalArgumentException(name + "=" + value + " of an export must be 1 to " + to);
        }
    }

    /**
     * A folder that can be read.
     *
     * @param name for the guest.
     * @param folder on the host.
     * @return with {@link #DEFAULT_HANDLES}.
     */
    public static Export readOnly(final String name, final Path folder) {
        return new Export(name, folder, true, UNLIMITED, UNLIMITED, DEFAULT_HANDLES);
    }

    /**
     * A folder that can be read and changed, without quotas.
     *
     * @param name for the guest.
     * @param folder on the host.
     * @return with {@link #DEFAULT_HANDLES}.
     */
    public static Export readWrite(final String name, final Path folder) {
        return new Export(name, folder, false, UNLIMITED, UNLIMITED, DEFAULT_HANDLES);
    }

    /**
     * The same with quotas.
     *
     * @param newBytes as {@link #bytes()}.
     * @param newFiles as {@link #files()}.
     * @return another export.
     */
    public Export withQuota(final long newBytes, final long newFiles) {
        return new Export(name, folder, isReadOnly, newBytes, newFiles, handles);
    }

    /**
     * The same with another number of handles.
     *
     * @param newHandles as {@link #handles()}.
     * @return another export.
     */
    public Export withHandles(final int newHandles) {
        return new Export(name, folder, isReadOnly, bytes, files, newHandles);
    }

    /**
     * Whether the guest's use must be counted.
     *
     * @return false if neither bytes nor files have a bound.
     */
    public boolean hasQuota() {
        return bytes != UNLIMITED || files != UNLIMITED;
    }
}
