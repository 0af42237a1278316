package io.vmrpc.guest.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;

/** An open file of the host. Its position is kept here, so that only reads and writes are calls. */
final class VmFileChannel extends FileChannel {
    private final VmFileSystem fileSystem;
    private final OpenMode mode;
    private final Handle handle;
    private final Object positionLock = new Object();
    private long position;

    VmFileChannel(final VmFileSystem fileSystem, final OpenMode mode, final Handle handle) {
        this.fileSystem = fileSystem;
        this.mode = mode;
        this.handle = handle;
    }

    /** An I/O operation that ends with the channel, as {@link java.nio.channels.InterruptibleChannel} has it. */
    @FunctionalInterface
    private interface Operation {
        long run() throws IOException;
    }

    private long interruptibly(final Operation operation) throws IOException {
        boolean isDone = false;
        begin();
        try {
            ensureOpen();
            final long result = operation.run();
            isDone = true;
            return result;
        } finally {
            end(isDone);
        }
    }

    private void ensureOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    private void ensureReadable() throws ClosedChannelException {
        ensureOpen();
        if (!mode.reads()) {
            throw new NonReadableChannelException();
        }
    }

    private void ensureWritable() throws ClosedChannelException {
        ensureOpen();
        if (!mode.writes()) {
            throw new NonWritableChannelException();
        }
    }

    Handle handle() {
        return handle;
    }

    boolean appends() {
        return mode.appends();
    }

    VmFileSystem fileSystem() {
        return fileSystem;
    }

    private int readAt(final ByteBuffer into, final long at) throws IOException {
        if (!into.hasRemaining()) {
            return 0;
        }
        final int count = (int)interruptibly(() -> fileSystem.handles().read(handle, into, at));
        into.position(into.position() + count);
        return count == 0 ? -1 : count;
    }

    private int writeAt(final ByteBuffer from, final long at) throws IOException {
        final int count = (int)interruptibly(() -> fileSystem.handles().write(handle, from, at));
        from.position(from.position() + count);
        return count;
    }

    @Override
    public int read(final ByteBuffer into) throws IOException {
        ensureReadable();
        synchronized (positionLock) {
            final int count = readAt(into, position);
            position += Math.max(0, count);
            return count;
        }
    }

    @Override
    public long read(final ByteBuffer[] into, final int offset, final int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        ensureReadable();
        long total = 0;
        for (int i = offset; i < offset + length; i++) {
            if (into[i].hasRemaining()) {
                final int count = read(into[i]);
                if (count < 0) {
                    return total == 0 ? -1 : total;
                }
                total += count;
                if (into[i].hasRemaining()) {
                    break;
                }
            }
        }
        return total;
    }

    @Override
    public int read(final ByteBuffer into, final long at) throws IOException {
        requireNotNegative("position", at);
        ensureReadable();
        return readAt(into, at);
    }

    @Override
    public int write(final ByteBuffer from) throws IOException {
        ensureWritable();
        synchronized (positionLock) {
            if (mode.appends()) {
                return append(from);
            }
            final int count = writeAt(from, position);
            position += count;
            return count;
        }
    }

    private int append(final ByteBuffer from) throws IOException {
        if (!from.hasRemaining()) {
            return 0;
        }
        final long[] end = new long[1];
        final int count = (int)interruptibly(() -> fileSystem.handles().append(handle, from, end));
        from.position(from.position() + count);
        position = end[0];
        return count;
    }

    @Override
    public long write(final ByteBuffer[] from, final int offset, final int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, from.length);
        ensureWritable();
        long total = 0;
        for (int i = offset; i < offset + length; i++) {
            total += from[i].hasRemaining() ? write(from[i]) : 0;
            if (from[i].hasRemaining()) {
                break;
            }
        }
        return total;
    }

    @Override
    public int write(final ByteBuffer from, final long at) throws IOException {
        requireNotNegative("position", at);
        ensureWritable();
        if (mode.appends()) { // as pwrite(2) on Linux does, whatever the position
            synchronized (positionLock) {
                return append(from);
            }
        }
        return writeAt(from, at);
    }

    private static void requireNotNegative(final String name, final long value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + "=" + value + " must not be negative");
        }
    }

    @Override
    public long position() throws IOException {
        ensureOpen();
        synchronized (positionLock) {
            return mode.appends() ? size() : position;
        }
    }

    @Override
    public FileChannel position(final long newPosition) throws IOException {
        ensureOpen();
        requireNotNegative("newPosition", newPosition);
        synchronized (positionLock) {
            position = newPosition;
        }
        return this;
    }

    @Override
    public long size() throws IOException {
        return interruptibly(() -> fileSystem.handles().attributes(handle).size());
    }

    @Override
    public FileChannel truncate(final long size) throws IOException {
        ensureOpen();
        requireNotNegative("size", size);
        ensureWritable();
        synchronized (positionLock) {
            interruptibly(() -> {
                if (size < fileSystem.handles().attributes(handle).size()) {
                    fileSystem.handles().truncate(handle, size);
                }
                return 0;
            });
            position = Math.min(position, size);
        }
        return this;
    }

    @Override
    public void force(final boolean metaData) throws IOException {
        interruptibly(() -> {
            fileSystem.handles().sync(handle, !metaData);
            return 0;
        });
    }

    @Override
    public long transferTo(final long at, final long count, final WritableByteChannel target) throws IOException {
        requireNotNegative("position", at);
        requireNotNegative("count", count);
        ensureReadable();
        return Transfers.to(this, at, count, target);
    }

    @Override
    public long transferFrom(final ReadableByteChannel source, final long at, final long count) throws IOException {
        requireNotNegative("position", at);
        requireNotNegative("count", count);
        ensureWritable();
        return Transfers.from(source, this, at, count);
    }

    /** Not possible: the file is on the host, and its pages are not this guest's memory. */
    @Override
    public MappedByteBuffer map(final MapMode mapMode, final long at, final long size) {
        throw new UnsupportedOperationException("a file of the host cannot be mapped into this guest: read it, or use an implementation that " +
            "does (for Lucene NIOFSDirectory)");
    }

    @Override
    public FileLock lock(final long at, final long size, final boolean isShared) throws IOException {
        return lock(at, size, isShared, true);
    }

    @Override
    public FileLock tryLock(final long at, final long size, final boolean isShared) throws IOException {
        return lock(at, size, isShared, false);
    }

    private FileLock lock(final long at, final long size, final boolean isShared, final boolean waits) throws IOException {
        if (isShared) {
            ensureReadable();
        } else {
            ensureWritable();
        }
        final VmFileLock lock = new VmFileLock(this, at, size, isShared);
        return fileSystem.locks().acquire(lock, each -> interruptibly(() -> each.acquire(waits) ? 1 : 0) != 0) ? lock : null;
    }

    @Override
    protected void implCloseChannel() throws IOException {
        fileSystem.locks().removeAll(this);
        fileSystem.forget(this);
        try {
            fileSystem.handles().close(handle);
        } finally {
            mode.afterClose(fileSystem, handle.path());
        }
    }
}
