package io.vmrpc.guest.file;

import io.vmrpc.file.FileProtocol;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;

/** An export: its file system's space, and no more of it than the operator's quota leaves. */
final class VmFileStore extends FileStore {
    private final VmPath export;

    VmFileStore(final VmPath export) {
        this.export = export;
    }

    private long number(final int index) throws IOException {
        return export.vm().calls().store(export)[index];
    }

    @Override
    public String name() {
        return export.export();
    }

    @Override
    public String type() {
        return VmFileSystemProvider.SCHEME;
    }

    @Override
    public boolean isReadOnly() {
        try {
            return (number(4) & FileProtocol.EXPORT_READ_ONLY) != 0;
        } catch (final IOException e) {
            return true; // nothing can be written there
        }
    }

    @Override
    public long getTotalSpace() throws IOException {
        return number(0);
    }

    @Override
    public long getUnallocatedSpace() throws IOException {
        return number(1);
    }

    @Override
    public long getUsableSpace() throws IOException {
        return number(2);
    }

    @Override
    public long getBlockSize() throws IOException {
        return number(3);
    }

    @Override
    public boolean supportsFileAttributeView(final Class<? extends FileAttributeView> type) {
        return type == BasicFileAttributeView.class || type == PosixFileAttributeView.class;
    }

    @Override
    public boolean supportsFileAttributeView(final String name) {
        return export.vm().supportedFileAttributeViews().contains(name);
    }

    @Override
    public <V extends FileStoreAttributeView> V getFileStoreAttributeView(final Class<V> type) {
        return null;
    }

    @Override
    public Object getAttribute(final String attribute) throws IOException {
        return switch (attribute) {
            case "totalSpace" -> getTotalSpace();
            case "usableSpace" -> getUsableSpace();
            case "unallocatedSpace" -> getUnallocatedSpace();
            default -> throw new UnsupportedOperationException("attribute " + attribute +
                " is not known: totalSpace, usableSpace or unallocatedSpace");
        };
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof VmFileStore store && store.export.equals(export);
    }

    @Override
    public int hashCode() {
        return export.hashCode();
    }

    @Override
    public String toString() {
        return export.toString();
    }
}
