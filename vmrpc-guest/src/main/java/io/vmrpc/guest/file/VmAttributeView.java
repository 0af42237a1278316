package io.vmrpc.guest.file;

import io.vmrpc.file.FileProtocol;
import java.io.IOException;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Attributes of a path, the basic ones and those of POSIX. Owners are the host's affair. */
final class VmAttributeView implements PosixFileAttributeView {
    private final VmPath path;
    private final boolean isNoFollow;
    private final String name;

    VmAttributeView(final VmPath path, final boolean isNoFollow, final String name) {
        this.path = path;
        this.isNoFollow = isNoFollow;
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public VmFileAttributes readAttributes() throws IOException {
        return path.vm().calls().stat(path, isNoFollow);
    }

    private static long ns(final FileTime time) {
        return time == null ? FileProtocol.UNCHANGED_NS : Math.max(FileProtocol.UNCHANGED_NS + 1, time.to(TimeUnit.NANOSECONDS));
    }

    /** The time of creation cannot be changed and is ignored, as on Linux. */
    @Override
    public void setTimes(final FileTime lastModifiedTime, final FileTime lastAccessTime, final FileTime createTime) throws IOException {
        if (lastModifiedTime != null || lastAccessTime != null) {
            path.vm().calls().change(path, isNoFollow, FileProtocol.UNCHANGED_MODE, ns(lastAccessTime), ns(lastModifiedTime));
        }
    }

    @Override
    public void setPermissions(final Set<PosixFilePermission> permissions) throws IOException {
        path.vm().calls().change(path, isNoFollow, VmFileAttributes.mode(permissions), FileProtocol.UNCHANGED_NS, FileProtocol.UNCHANGED_NS);
    }

    @Override
    public UserPrincipal getOwner() throws IOException {
        return readAttributes().owner();
    }

    @Override
    public void setOwner(final UserPrincipal owner) {
        throw new UnsupportedOperationException("files of the host belong to the agent's user: a guest cannot give them away");
    }

    @Override
    public void setGroup(final GroupPrincipal group) {
        throw new UnsupportedOperationException("files of the host belong to the agent's group: a guest cannot give them away");
    }
}
