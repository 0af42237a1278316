package io.vmrpc.host.file;

import io.vmrpc.file.FileAttributesDescriptor;
import io.vmrpc.host.policy.Export;
import io.vmrpc.natives.Errno;
import io.vmrpc.natives.Native;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * How much of an export's quota is used. Calls count as they go, and what they cannot know (others who change the folder, two writers that
 * lengthen one file at once) is put right by a walk through the folder when the limit seems reached, at most once a second. A file that was
 * removed while open counts until it is closed. For the pool's threads.
 */
final class Usage {
    private static final long RECOUNT_NS = TimeUnit.SECONDS.toNanos(1);
    private final Export export;
    private final boolean isCounting;
    private final Map<OpenFile, Long> open = new HashMap<>();
    private long bytes;
    private long files;
    private long countedNs;
    private boolean isCounted;

    Usage(final Export export) {
        this.export = export;
        isCounting = export.hasQuota() && !export.isReadOnly();
    }

    boolean isCounting() {
        return isCounting;
    }

    /** Takes from the quota, before anything is done. */
    synchronized void take(final long moreBytes, final long moreFiles) throws FileFailure {
        if (!isCounting) {
            return;
        }
        if (!isCounted || isBeyond(moreBytes, moreFiles) && System.nanoTime() - countedNs > RECOUNT_NS) {
            recount();
        }
        if (isBeyond(moreBytes, moreFiles)) {
            throw new FileFailure(Errno.EDQUOT, "the export " + export.name() + " has " + bytes + " bytes in " + files +
                " files, and its quota is " + text(export.bytes()) + " bytes and " + text(export.files()) +
                " files: remove some, or have it raised in the policy");
        }
        bytes += moreBytes;
        files += moreFiles;
    }

    private static String text(final long limit) {
        return limit == Export.UNLIMITED ? "unlimited" : Long.toString(limit);
    }

    private boolean isBeyond(final long moreBytes, final long moreFiles) {
        return moreBytes > 0 && bytes + moreBytes > export.bytes() || moreFiles > 0 && files + moreFiles > export.files();
    }

    synchronized void give(final long lessBytes, final long lessFiles) {
        bytes = Math.max(0, bytes - lessBytes);
        files = Math.max(0, files - lessFiles);
    }

    /** What is free of the quota, at most so much. */
    synchronized long freeBytes(final long most) {
        if (isCounting && !isCounted) {
            recount();
        }
        return isCounting && export.bytes() != Export.UNLIMITED ? Math.max(0, Math.min(most, export.bytes() - bytes)) : most;
    }

    synchronized void opened(final OpenFile file, final long inode) {
        if (isCounting) {
            open.put(file, inode);
        }
    }

    /** Before the descriptor is closed. */
    synchronized void closing(final OpenFile file) {
        final Long inode = open.remove(file);
        if (inode != null && !open.containsValue(inode)) {
            final UnsafeBuffer seen = attributes(file);
            if (seen != null && seen.getInt(FileAttributesDescriptor.LINKS, ByteOrder.LITTLE_ENDIAN) == 0) {
                give(seen.getLong(FileAttributesDescriptor.SIZE, ByteOrder.LITTLE_ENDIAN), 1);
            }
        }
    }

    /** A name is gone, and what it named if that was its last one and nobody has it open. */
    synchronized void removed(final long inode, final int links, final boolean isFolder, final long size) {
        if (isFolder) {
            give(0, 1);
        } else if (links == 1 && !open.containsValue(inode)) {
            give(size, 1);
        }
    }

    private void recount() {
        final FolderWalk walk = new FolderWalk(export.folder());
        bytes = walk.bytes();
        files = walk.files();
        for (final Map.Entry<Long, OpenFile> each : distinct().entrySet()) {
            final UnsafeBuffer seen = attributes(each.getValue());
            if (seen != null && seen.getInt(FileAttributesDescriptor.LINKS, ByteOrder.LITTLE_ENDIAN) == 0) {
                bytes += seen.getLong(FileAttributesDescriptor.SIZE, ByteOrder.LITTLE_ENDIAN);
                files++;
            }
        }
        isCounted = true;
        countedNs = System.nanoTime();
    }

    private Map<Long, OpenFile> distinct() {
        final Map<Long, OpenFile> distinct = new HashMap<>();
        open.forEach((file, inode) -> distinct.put(inode, file));
        return distinct;
    }

    private static UnsafeBuffer attributes(final OpenFile file) {
        final UnsafeBuffer out = new UnsafeBuffer(ByteBuffer.allocateDirect(FileAttributesDescriptor.LENGTH));
        return Native.vmrpc_file_attributes(file.descriptor.number, out.addressOffset()) == 0 ? out : null;
    }
}
