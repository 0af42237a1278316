package io.vmrpc.guest.file;

import io.vmrpc.error.Status;
import io.vmrpc.error.StatusException;
import io.vmrpc.file.FileProtocol;
import io.vmrpc.guest.Channel;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.guest.Waiting;
import io.vmrpc.layout.Protocol;
import io.vmrpc.natives.Errno;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;

/** A channel and the buffers of one call at a time. Belongs to the thread that has borrowed it; its handing over orders memory. */
final class Lane implements AutoCloseable {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);
    final Channel channel;
    /** {@link VmrpcGuest#sessionNumber()}: handles of another session are of no use here. */
    final long session;
    final int capacity;
    final UnsafeBuffer request;
    final UnsafeBuffer reply;
    /** Of the reply at hand. */
    int length;
    final Transfer transfer;
    private final int service;

    Lane(final VmrpcGuest guest, final Waiting waiting, final int depth) {
        final long before = guest.sessionNumber();
        service = guest.resolve(FileProtocol.SERVICE);
        channel = guest.openChannel(waiting);
        session = before; // if it was replaced meanwhile, a handle of the new one is refused: a failure, and never the wrong file
        capacity = channel.payloadCapacity();
        request = new UnsafeBuffer(ByteBuffer.allocateDirect(capacity));
        reply = new UnsafeBuffer(ByteBuffer.allocateDirect(capacity));
        transfer = new Transfer(this, Math.min(depth, Math.max(1, channel.capacity() / 2)));
    }

    int operation(final int method) {
        return Protocol.operation(service, method);
    }

    /** Calls with the first bytes of {@link #request}; the answer stands in {@link #reply}. */
    int call(final int method, final int length) {
        final long until = System.nanoTime() + PATIENCE_NS;
        while (true) {
            try {
                return channel.call(operation(method), request, 0, length, reply);
            } catch (final StatusException e) {
                if (!isBusy(e.status(), e.detail()) || System.nanoTime() - until > 0) {
                    throw e;
                }
                LockSupport.parkNanos(Waiting.SLEEP_NS);
            }
        }
    }

    /** Whether a quota of the moment refused the request, which is then repeated. */
    static boolean isBusy(final Status status, final int errno) {
        return status == Status.RESOURCE_EXHAUSTED && (errno == 0 || errno == Errno.ENOBUFS);
    }

    @Override
    public void close() {
        channel.close();
    }
}
