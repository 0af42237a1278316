package io.vmrpc.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.UncheckedBooleanSupplier;
import io.vmrpc.guest.socket.VmDatagramChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** Reads datagrams as long as the receive allocator likes. The loop's thread's. */
@SuppressWarnings("deprecation") // Handle
final class DatagramReads {
    private final VmrpcDatagramChannel channel;
    private final AbstractVmrpcChannel<VmDatagramChannel>.VmrpcUnsafe unsafe;

    DatagramReads(final VmrpcDatagramChannel channel, final AbstractVmrpcChannel<VmDatagramChannel>.VmrpcUnsafe unsafe) {
        this.channel = channel;
        this.unsafe = unsafe;
    }

    void read() {
        final ChannelConfig config = channel.config();
        final RecvByteBufAllocator.Handle handle = unsafe.recvBufAllocHandle();
        handle.reset(config);
        Exception failure = null;
        try {
            boolean hasRead;
            do {
                hasRead = readOne(config, handle);
            } while (hasRead && channel.isOpen() && continues(handle));
            channel.mayBeReadable(hasRead);
        } catch (final IOException | RuntimeException e) { // what the network said of a datagram; a socket that is lost is told otherwise
            failure = e;
        }
        handle.readComplete();
        channel.pipeline().fireChannelReadComplete();
        if (failure != null && channel.isOpen()) {
            channel.pipeline().fireExceptionCaught(failure);
            channel.readAgain();
        }
        channel.afterRead();
    }

    private static boolean continues(final RecvByteBufAllocator.Handle handle) {
        return handle instanceof RecvByteBufAllocator.ExtendedHandle extended ?
            extended.continueReading(UncheckedBooleanSupplier.TRUE_SUPPLIER) : handle.continueReading(); // a short one is no sign of the last
    }

    private boolean readOne(final ChannelConfig config, final RecvByteBufAllocator.Handle handle) throws IOException {
        final ByteBuf data = handle.allocate(config.getAllocator());
        boolean isFired = false;
        try {
            handle.attemptedBytesRead(data.writableBytes());
            final ByteBuffer to = data.internalNioBuffer(data.writerIndex(), data.writableBytes());
            final int begin = to.position();
            final InetSocketAddress source = (InetSocketAddress)channel.openSocket().receive(to);
            if (source == null) {
                return false;
            }
            handle.lastBytesRead(to.position() - begin);
            handle.incMessagesRead(1);
            data.writerIndex(data.writerIndex() + handle.lastBytesRead());
            channel.isReadPending = false;
            isFired = true;
            channel.pipeline().fireChannelRead(new DatagramPacket(data, channel.localAddress(), source));
            return true;
        } finally {
            if (!isFired) {
                data.release();
            }
        }
    }
}
