package io.vmrpc.guest.file;

import io.vmrpc.file.FileProtocol;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** A folder's entries, page by page; the pages are as large as a record. */
final class VmDirectoryStream implements DirectoryStream<Path> {
    private final VmPath folder;
    private final Filter<? super Path> filter;
    private final Handle handle;
    private boolean isClosed;
    private boolean hasIterator;

    private VmDirectoryStream(final VmPath folder, final Filter<? super Path> filter, final Handle handle) {
        this.folder = folder;
        this.filter = filter;
        this.handle = handle;
    }

    static VmDirectoryStream open(final VmPath folder, final Filter<? super Path> filter) throws IOException {
        final boolean isRoot = folder.toAbsolutePath().normalize().getNameCount() == 0;
        final Handle handle = isRoot ? null : folder.vm().calls().open(folder, FileProtocol.OPEN_READ | FileProtocol.OPEN_FOLDER, 0);
        final VmDirectoryStream stream = new VmDirectoryStream(folder, filter, handle);
        folder.vm().remember(stream);
        return stream;
    }

    @Override
    public synchronized Iterator<Path> iterator() {
        if (isClosed || hasIterator) {
            throw new IllegalStateException(isClosed ? "the directory stream is closed" : "a directory stream has one iterator");
        }
        hasIterator = true;
        return new Entries();
    }

    /** Reads ahead by one page. */
    private final class Entries implements Iterator<Path> {
        private final ArrayDeque<Path> page = new ArrayDeque<>();
        private boolean hasEnded;

        @Override
        public boolean hasNext() {
            try {
                while (page.isEmpty() && !hasEnded) {
                    fill();
                }
            } catch (final IOException e) {
                throw new DirectoryIteratorException(e);
            }
            return !page.isEmpty();
        }

        private void fill() throws IOException {
            synchronized (VmDirectoryStream.this) {
                if (isClosed) {
                    hasEnded = true;
                    return;
                }
                final var names = handle == null ? folder.vm().calls().exports() : folder.vm().handles().list(handle);
                hasEnded = names.isEmpty() || handle == null;
                for (final String name : names) {
                    final Path entry = folder.child(name);
                    if (filter.accept(entry)) {
                        page.add(entry);
                    }
                }
            }
        }

        @Override
        public Path next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return page.remove();
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (!isClosed) {
            isClosed = true;
            folder.vm().forget(this);
            if (handle != null) {
                folder.vm().handles().close(handle);
            }
        }
    }
}
