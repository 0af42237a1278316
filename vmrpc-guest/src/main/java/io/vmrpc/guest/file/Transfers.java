package io.vmrpc.guest.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** Bytes from channel to channel: on the host where both are files of it, else through a buffer. */
final class Transfers {
    private static final int BUFFER = 128 << 10;

    private Transfers() {
    }

    static long to(final VmFileChannel source, final long position, final long count, final WritableByteChannel target) throws IOException {
        if (target instanceof VmFileChannel file && file.fileSystem() == source.fileSystem() && file.isOpen() && !file.appends()) {
            final long at = file.position();
            final long copied = onHost(source, position, file, at, count);
            if (copied >= 0) {
                file.position(at + copied);
                return copied;
            }
        }
        final ByteBuffer buffer = ByteBuffer.allocate((int)Math.min(count, BUFFER));
        long total = 0;
        while (total < count) {
            buffer.clear().limit((int)Math.min(buffer.capacity(), count - total));
            if (source.read(buffer, position + total) < 0) {
                break;
            }
            buffer.flip();
            final int written = target.write(buffer);
            total += written;
            if (buffer.hasRemaining()) {
                break;
            }
        }
        return total;
    }

    static long from(final ReadableByteChannel source, final VmFileChannel target, final long position, final long count) throws IOException {
        if (position > target.size()) {
            return 0;
        }
        if (source instanceof VmFileChannel file && file.fileSystem() == target.fileSystem() && file.isOpen() && !target.appends()) {
            final long at = file.position();
            final long copied = onHost(file, at, target, position, count);
            if (copied >= 0) {
                file.position(at + copied);
                return copied;
            }
        }
        final ByteBuffer buffer = ByteBuffer.allocate((int)Math.min(count, BUFFER));
        long total = 0;
        while (total < count) {
            buffer.clear().limit((int)Math.min(buffer.capacity(), count - total));
            final int read = source.read(buffer);
            if (read <= 0) {
                break;
            }
            buffer.flip();
            while (buffer.hasRemaining()) {
                total += target.write(buffer, position + total);
            }
        }
        return total;
    }

    private static long onHost(final VmFileChannel source, final long from, final VmFileChannel target, final long to, final long count)
        throws IOException {
        long total = 0;
        while (total < count) {
            final long copied = source.fileSystem().handles().copy(source.handle(), from + total, target.handle(), to + total, count - total);
            if (copied < 0) {
                return total == 0 ? -1 : total;
            }
            if (copied == 0) {
                break;
            }
            total += copied;
        }
        return total;
    }

    /** The whole of a file. */
    static void all(final FileChannel source, final FileChannel target) throws IOException {
        long total = 0;
        for (long copied = 1; copied > 0; total += copied) {
            copied = source.transferTo(total, Long.MAX_VALUE - total, target);
        }
    }
}
