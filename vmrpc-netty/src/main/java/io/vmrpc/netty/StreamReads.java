package io.vmrpc.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannelConfig;
import io.vmrpc.guest.socket.VmSocketChannel;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads a stream as long as its receive allocator likes. The loop's thread's. */
@SuppressWarnings("deprecation") // Handle
final class StreamReads {
    private final AbstractVmrpcStreamChannel channel;
    private final AbstractVmrpcStreamChannel.StreamUnsafe unsafe;
    private boolean hasToldEnd;

    StreamReads(final AbstractVmrpcStreamChannel channel, final AbstractVmrpcStreamChannel.StreamUnsafe unsafe) {
        this.channel = channel;
        this.unsafe = unsafe;
    }

    /** Takes what came, without reading it; whether there is data or the end. */
    static boolean look(final VmSocketChannel socket) throws IOException {
        return socket.available() > 0 || socket.read((buffer, offset, length) -> 0) != 0 || socket.available() > 0;
    }

    private boolean isReadable() {
        final VmSocketChannel socket = channel.socket();
        try {
            return socket != null && socket.isConnected() && channel.isOpen() && look(socket);
        } catch (final IOException e) {
            return true; // and the read throws it
        }
    }

    void read() {
        final ChannelConfig config = channel.config();
        if (hasToldEnd || channel.hasInputEnded() && !mayHalfClose(config)) {
            channel.autoReadCleared();
            return;
        }
        if (!isReadable()) {
            channel.mayBeReadable(false);
            return;
        }
        final RecvByteBufAllocator.Handle handle = unsafe.recvBufAllocHandle();
        handle.reset(config);
        try {
            final boolean hasEnded = readAll(config, handle);
            channel.mayBeReadable(!hasEnded && isReadable());
            handle.readComplete();
            channel.pipeline().fireChannelReadComplete();
            if (hasEnded) {
                end(config);
            }
        } catch (final IOException | RuntimeException | OutOfMemoryError e) {
            fail(config, handle, e);
        } finally {
            channel.afterRead();
        }
    }

    /** True at the end of the stream. */
    private boolean readAll(final ChannelConfig config, final RecvByteBufAllocator.Handle handle) throws IOException {
        final ChannelPipeline pipeline = channel.pipeline();
        do {
            final ByteBuf buffer = handle.allocate(config.getAllocator());
            boolean isFired = false;
            try {
                handle.attemptedBytesRead(buffer.writableBytes());
                handle.lastBytesRead(read(buffer));
                isFired = handle.lastBytesRead() > 0;
            } finally {
                if (!isFired) {
                    buffer.release();
                }
            }
            if (!isFired) {
                channel.isReadPending = channel.isReadPending && handle.lastBytesRead() == 0;
                return handle.lastBytesRead() < 0;
            }
            handle.incMessagesRead(1);
            channel.isReadPending = false;
            pipeline.fireChannelRead(buffer);
        } while (handle.continueReading() && channel.isOpen());
        return false;
    }

    private int read(final ByteBuf buffer) throws IOException {
        final ByteBuffer to = buffer.internalNioBuffer(buffer.writerIndex(), buffer.writableBytes());
        final int count = channel.openSocket().read(to);
        if (count > 0) {
            buffer.writerIndex(buffer.writerIndex() + count);
        }
        return count;
    }

    private void fail(final ChannelConfig config, final RecvByteBufAllocator.Handle handle, final Throwable cause) {
        channel.isReadPending = false;
        channel.mayBeReadable(!(cause instanceof IOException)); // else it was the allocator or a handler
        handle.readComplete();
        channel.pipeline().fireChannelReadComplete();
        channel.pipeline().fireExceptionCaught(cause);
        if (cause instanceof IOException || cause instanceof OutOfMemoryError) {
            end(config);
        }
    }

    private static boolean mayHalfClose(final ChannelConfig config) {
        return config instanceof DuplexChannelConfig duplex && duplex.isAllowHalfClosure();
    }

    /** All was read: both events of a half closure come at once. */
    private void end(final ChannelConfig config) {
        if (!channel.isOpen()) {
            return;
        }
        if (!channel.hasInputEnded() && !mayHalfClose(config)) {
            unsafe.close(unsafe.voidPromise());
            return;
        }
        if (!channel.hasInputEnded()) {
            channel.inputEnded();
            channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
        if (!hasToldEnd) {
            hasToldEnd = true;
            channel.pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
        }
    }
}
