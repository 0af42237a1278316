package io.vmrpc.guest.file;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileLock;

/** A lock of a part of a file, which the host's kernel keeps for this guest. */
final class VmFileLock extends FileLock {
    private final VmFileChannel channel;
    private boolean isReleased;

    VmFileLock(final VmFileChannel channel, final long position, final long size, final boolean isShared) {
        super(channel, position, size, isShared);
        this.channel = channel;
    }

    VmFileChannel file() {
        return channel;
    }

    /** Whether it was got; waits in parts, so that other threads get the channel of the region, too. */
    boolean acquire(final boolean waits) throws IOException {
        while (!channel.fileSystem().handles().lock(channel.handle(), position(), size(), isShared(), waits)) {
            if (!channel.isOpen()) {
                throw new AsynchronousCloseException();
            }
            if (!waits) {
                return false;
            }
        }
        return true;
    }

    @Override
    public synchronized boolean isValid() {
        return !isReleased && channel.isOpen();
    }

    @Override
    public synchronized void release() throws IOException {
        if (!channel.isOpen()) {
            throw new ClosedChannelException();
        }
        if (!isReleased) {
            channel.fileSystem().handles().unlock(channel.handle(), position(), size());
            channel.fileSystem().locks().remove(this);
            isReleased = true;
        }
    }
}
