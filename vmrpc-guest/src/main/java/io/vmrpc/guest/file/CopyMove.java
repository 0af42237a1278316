package io.vmrpc.guest.file;

import io.vmrpc.natives.Errno;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;

/** Copies and moves within the exports: a move within an export is one rename on the host, a copy's bytes stay on the host. */
final class CopyMove {
    private final VmPath source;
    private final VmPath target;
    private final Set<CopyOption> options;

    CopyMove(final VmPath source, final VmPath target, final CopyOption... options) {
        this.source = source;
        this.target = target;
        this.options = Set.copyOf(List.of(options));
        for (final CopyOption each : options) {
            if (!(each instanceof StandardCopyOption) && each != LinkOption.NOFOLLOW_LINKS) {
                throw new UnsupportedOperationException("option " + each + " is not known: use those of StandardCopyOption");
            }
        }
    }

    private boolean replaces() {
        return options.contains(StandardCopyOption.REPLACE_EXISTING);
    }

    private PathCalls calls() {
        return source.vm().calls();
    }

    void move() throws IOException {
        final boolean isAtomic = options.contains(StandardCopyOption.ATOMIC_MOVE);
        try {
            calls().rename(source, target, isAtomic || replaces());
        } catch (final FileSystemException e) {
            final int errno = e.getCause() instanceof io.vmrpc.error.VmrpcException cause ? FileErrors.errno(cause) : 0;
            if (errno == Errno.EXDEV && isAtomic) {
                throw new AtomicMoveNotSupportedException(source.toString(), target.toString(), "they are in different exports");
            } else if (errno == Errno.EXDEV) {
                copyThenRemove();
            } else if ((errno == Errno.EISDIR || errno == Errno.ENOTDIR) && replaces() && calls().stat(target, true).isDirectory() !=
                calls().stat(source, true).isDirectory()) {
                removeTarget();
                calls().rename(source, target, false);
            } else {
                throw e;
            }
        }
    }

    private void copyThenRemove() throws IOException {
        final VmFileAttributes seen = calls().stat(source, true);
        if (seen.isDirectory()) {
            try (var entries = VmDirectoryStream.open(source, entry -> true)) {
                if (entries.iterator().hasNext()) {
                    throw new DirectoryNotEmptyException(source.toString());
                }
            }
        }
        copy(seen, true);
        calls().remove(source);
    }

    void copy() throws IOException {
        if (options.contains(StandardCopyOption.ATOMIC_MOVE)) {
            throw new UnsupportedOperationException("ATOMIC_MOVE is for moves");
        }
        copy(calls().stat(source, options.contains(LinkOption.NOFOLLOW_LINKS)), options.contains(StandardCopyOption.COPY_ATTRIBUTES));
    }

    private void copy(final VmFileAttributes seen, final boolean withAttributes) throws IOException {
        if (replaces()) {
            if (isSame(seen)) {
                return;
            }
            removeTarget();
        }
        if (seen.isSymbolicLink()) {
            calls().makeLink(target, io.vmrpc.file.FileNames.bytes(calls().readLink(source).toString()));
            return;
        }
        if (seen.isDirectory()) {
            calls().makeFolder(target, seen.mode & 0777);
        } else {
            copyFile(seen);
        }
        if (withAttributes) {
            new VmAttributeView(target, false, "posix").setPermissions(seen.permissions());
            new VmAttributeView(target, false, "posix").setTimes(seen.lastModifiedTime(), seen.lastAccessTime(), null);
        }
    }

    private boolean isSame(final VmFileAttributes seen) throws IOException {
        try {
            return calls().stat(target, true).fileKey().equals(seen.fileKey());
        } catch (final NoSuchFileException e) {
            return false;
        }
    }

    private void removeTarget() throws IOException {
        try {
            calls().remove(target);
        } catch (final NoSuchFileException e) {
            return; // there is nothing to replace
        }
    }

    private void copyFile(final VmFileAttributes seen) throws IOException {
        if (!replaces() && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(target.toString()); // before the source is opened
        }
        final VmFileSystemProvider provider = source.vm().provider();
        final var permissions = java.nio.file.attribute.PosixFilePermissions.asFileAttribute(seen.permissions());
        try (FileChannel from = provider.newFileChannel(source, Set.of(StandardOpenOption.READ));
             FileChannel to = provider.newFileChannel(target, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), permissions)) {
            Transfers.all(from, to);
        }
    }
}
