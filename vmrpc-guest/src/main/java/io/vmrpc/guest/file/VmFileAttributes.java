package io.vmrpc.guest.file;

import io.vmrpc.file.FileAttributesDescriptor;
import java.nio.ByteOrder;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;

/** Attributes as the host's kernel told them. Owner and group are the host's numbers. */
final class VmFileAttributes implements PosixFileAttributes {
    private static final int TYPE = 0xf000;
    private static final int FOLDER = 0x4000;
    private static final int REGULAR = 0x8000;
    private static final int LINK = 0xa000;
    final long inode;
    final int mode;
    private final String export;
    private final long size;
    private final long modifiedNs;
    private final long accessedNs;
    private final long changedNs;
    private final long createdNs;
    private final int links;
    private final int uid;
    private final int gid;

    /** A principal of the host, known by its number. */
    record Principal(String name) implements GroupPrincipal {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** Which file it is, whatever its name. */
    private record Key(String export, long inode) {
        @Override
        public String toString() {
            return "(export=" + export + ",ino=" + inode + ")";
        }
    }

    VmFileAttributes(final String export, final DirectBuffer buffer, final int offset) {
        this.export = export;
        size = number(buffer, offset + FileAttributesDescriptor.SIZE);
        modifiedNs = number(buffer, offset + FileAttributesDescriptor.MODIFIED_NS);
        accessedNs = number(buffer, offset + FileAttributesDescriptor.ACCESSED_NS);
        changedNs = number(buffer, offset + FileAttributesDescriptor.CHANGED_NS);
        createdNs = number(buffer, offset + FileAttributesDescriptor.CREATED_NS);
        inode = number(buffer, offset + FileAttributesDescriptor.INODE);
        mode = word(buffer, offset + FileAttributesDescriptor.MODE);
        links = word(buffer, offset + FileAttributesDescriptor.LINKS);
        uid = word(buffer, offset + FileAttributesDescriptor.UID);
        gid = word(buffer, offset + FileAttributesDescriptor.GID);
    }

    /** Of the root, where the exports are. */
    VmFileAttributes() {
        export = "";
        size = 0;
        modifiedNs = 0;
        accessedNs = 0;
        changedNs = 0;
        createdNs = 0;
        inode = 0;
        mode = FOLDER | 0555;
        links = 1;
        uid = 0;
        gid = 0;
    }

    private static long number(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset, ByteOrder.LITTLE_ENDIAN);
    }

    private static int word(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset, ByteOrder.LITTLE_ENDIAN);
    }

    private static FileTime time(final long ns) {
        return FileTime.from(ns, TimeUnit.NANOSECONDS);
    }

    @Override
    public FileTime lastModifiedTime() {
        return time(modifiedNs);
    }

    @Override
    public FileTime lastAccessTime() {
        return time(accessedNs);
    }

    @Override
    public FileTime creationTime() {
        return time(createdNs);
    }

    FileTime changeTime() {
        return time(changedNs);
    }

    int links() {
        return links;
    }

    @Override
    public boolean isRegularFile() {
        return (mode & TYPE) == REGULAR;
    }

    @Override
    public boolean isDirectory() {
        return (mode & TYPE) == FOLDER;
    }

    @Override
    public boolean isSymbolicLink() {
        return (mode & TYPE) == LINK;
    }

    @Override
    public boolean isOther() {
        return !isRegularFile() && !isDirectory() && !isSymbolicLink();
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public Object fileKey() {
        return new Key(export, inode);
    }

    @Override
    public UserPrincipal owner() {
        return new Principal(Integer.toUnsignedString(uid));
    }

    @Override
    public GroupPrincipal group() {
        return new Principal(Integer.toUnsignedString(gid));
    }

    @Override
    public Set<PosixFilePermission> permissions() {
        return permissions(mode);
    }

    static Set<PosixFilePermission> permissions(final int mode) {
        final Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
        final PosixFilePermission[] all = PosixFilePermission.values(); // from the owner's reading to the others' executing
        for (int i = 0; i < all.length; i++) {
            if ((mode & 0400 >> i) != 0) {
                set.add(all[i]);
            }
        }
        return set;
    }

    static int mode(final Set<PosixFilePermission> permissions) {
        int mode = 0;
        for (final PosixFilePermission each : permissions) {
            mode |= 0400 >> each.ordinal();
        }
        return mode;
    }
}
