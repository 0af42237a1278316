package io.vmrpc.guest.file;

import java.io.IOException;
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
