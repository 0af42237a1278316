package io.vmrpc.guest.socket;

import static io.vmrpc.socket.SocketProtocol.HEADER;

import io.vmrpc.guest.socket.SocketErrors.Operation;
import io.vmrpc.socket.SocketProtocol;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.ScatteringByteChannel;
import java.util.Objects;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A TCP or Unix stream socket of the host, in the manner of {@link java.nio.channels.SocketChannel}. Made by {@link Sockets#openStream},
 * {@link VmServerSocketChannel#accept()} or {@link Sockets#adopt}; belongs to the thread of its {@link Sockets}.
 *
 * <p>A read that waits has the bytes copied from the region's ring straight to its buffer. What comes for nobody is kept up to the receive
 * window. A write returns when all is in the ring, not when the peer has it; it waits while the agent holds as much as it takes for a slow
 * peer. Nothing is allocated per read or write. Not blocking, a read looks once whether something came.
 */
public final class VmSocketChannel extends VmSocket implements ByteChannel, ScatteringByteChannel, GatheringByteChannel {
    private final StreamReceiver receiver = new StreamReceiver(this);
    private final StreamSender sender = new StreamSender(this);
    private final StreamConnector connector = new StreamConnector(this);
    private final UnsafeBuffer view = new UnsafeBuffer(new byte[0]);
    private UnsafeBuffer gathered;

    VmSocketChannel(final SocketLoop loop, final int id, final int family, final int window) {
        super(loop, id, family, window, SocketOptionTable.STREAM);
    }

    /**
     * Binds this end to an address of the host.
     *
     * @param local address; port 0: any.
     * @throws IOException {@link java.net.BindException} and others, if kernel or policy refuse it.
     */
    public void bind(final SocketAddress local) throws IOException {
        bindTo(local);
    }

    /**
     * Connects; if operations do not wait, begins to.
     *
     * @param remote address of the peer, resolved ({@link Sockets#lookup}).
     * @return true if connected, false if {@link #finishConnect} or {@link SocketListener#onConnected} will tell.
     * @throws IOException {@link java.net.ConnectException}, {@link java.net.NoRouteToHostException} and others; the socket is closed then.
     */
    public boolean connect(final SocketAddress remote) throws IOException {
        return connect(remote, Long.MAX_VALUE);
    }

    /**
     * Connects before a deadline.
     *
     * @param remote address of the peer.
     * @param deadlineNs {@link System#nanoTime()} after which it is given up and the socket closed.
     * @return as {@link #connect(SocketAddress)}.
     * @throws IOException also {@link java.net.SocketTimeoutException}.
     */
    public boolean connect(final SocketAddress remote, final long deadlineNs) throws IOException {
        connector.begin(remote, deadlineNs);
        return isBlocking() && connector.finish(deadlineNs);
    }

    /**
     * Whether the connection that was begun is there; waits for it if operations wait.
     *
     * @return true once it is.
     * @throws IOException why it did not come about; the socket is closed then.
     */
    public boolean finishConnect() throws IOException {
        return connector.finish(Long.MAX_VALUE);
    }

    /**
     * Reads what is there, and waits until something is.
     *
     * @return bytes, at least 1 if {@code to} has space and reads wait; 0: nothing is there; -1: the peer has ended its sending.
     */
    @Override
    public int read(final ByteBuffer to) throws IOException {
        return read(to, Long.MAX_VALUE);
    }

    /**
     * Reads before a deadline.
     *
     * @param to buffer for the bytes.
     * @param deadlineNs {@link System#nanoTime()} until which to wait.
     * @return as {@link #read(ByteBuffer)}.
     * @throws IOException {@link java.net.SocketTimeoutException} if nothing came in time, and what ended the connection.
     */
    public int read(final ByteBuffer to, final long deadlineNs) throws IOException {
        final int length = wrap(view, to);
        final int count = read(view, 0, length, deadlineNs);
        if (count > 0) {
            to.position(to.position() + count);
        }
        return count;
    }

    /**
     * Reads into memory of any kind: wrap an address in an {@link UnsafeBuffer}.
     *
     * @param to where to.
     * @param offset of the first byte.
     * @param length at most so many.
     * @return as {@link #read(ByteBuffer)}.
     * @throws IOException what ended the connection.
     */
    public int read(final MutableDirectBuffer to, final int offset, final int length) throws IOException {
        return read(to, offset, length, Long.MAX_VALUE);
    }

    private int read(final MutableDirectBuffer to, final int offset, final int length, final long deadlineNs) throws IOException {
        ensureConnected();
        return receiver.read(to, offset, length, deadlineNs);
    }

    /**
     * Reads where the bytes stand in the socket's queue; waits until some are there, if reads wait.
     *
     * @param handler called at most once.
     * @return what it took; 0: nothing is there or was taken; -1: the peer has ended its sending.
     * @throws IOException what ended the connection.
     */
    public int read(final StreamHandler handler) throws IOException {
        ensureConnected();
        return receiver.read(handler, Long.MAX_VALUE);
    }

    /**
     * What can be read without waiting.
     *
     * @return bytes in the socket's queue.
     */
    public int available() {
        return receiver.available();
    }

    @Override
    public long read(final ByteBuffer[] to) throws IOException {
        return read(to, 0, to.length);
    }

    @Override
    public long read(final ByteBuffer[] to, final int offset, final int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, to.length);
        long total = 0;
        for (int i = offset; i < offset + length; i++) {
            while (to[i].hasRemaining()) {
                if (total > 0 && receiver.available() == 0) {
                    return total;
                }
                final int count = read(to[i]);
                if (count <= 0) {
                    return total > 0 ? total : count;
                }
                total += count;
            }
        }
        return total;
    }

    /**
     * Writes all, and waits until it is on its way; not blocking, what window and ring take.
     *
     * @return bytes written.
     */
    @Override
    public int write(final ByteBuffer from) throws IOException {
        return write(from, Long.MAX_VALUE);
    }

    /**
     * Writes before a deadline.
     *
     * @param from the bytes; its position says how many were written, also after an exception.
     * @param deadlineNs {@link System#nanoTime()} until which to wait.
     * @return bytes written.
     * @throws IOException {@link java.net.SocketTimeoutException} if not all was written in time, and what ended the connection.
     */
    public int write(final ByteBuffer from, final long deadlineNs) throws IOException {
        final int start = from.position();
        view.wrap(from, start, from.remaining());
        try {
            return write(view, 0, from.remaining(), deadlineNs);
        } finally {
            from.position(start + sender.sent());
        }
    }

    /**
     * Writes from memory of any kind.
     *
     * @param from where the bytes are.
     * @param offset of the first.
     * @param length how many.
     * @return bytes written: all, or what window and ring take if writes do not wait.
     * @throws IOException what ended the connection.
     */
    public int write(final DirectBuffer from, final int offset, final int length) throws IOException {
        return write(from, offset, length, Long.MAX_VALUE);
    }

    private int write(final DirectBuffer from, final int offset, final int length, final long deadlineNs) throws IOException {
        sender.begin();
        ensureConnected();
        return sender.write(from, offset, length, deadlineNs);
    }

    @Override
    public long write(final ByteBuffer[] from) throws IOException {
        return write(from, 0, from.length);
    }

    /** {@inheritDoc} Neighbours that a record can carry together travel in one. */
    @Override
    public long write(final ByteBuffer[] from, final int offset, final int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, from.length);
        final int end = offset + length;
        long total = 0;
        int next;
        for (int i = offset; i < end; i = next) {
            next = i;
            int bytes = 0;
            while (next < end && from[next].remaining() <= sender.longest() - bytes) {
                bytes += from[next++].remaining();
            }
            if (next - i > 1) {
                final int sent = gather(from, i, next, bytes);
                total += sent;
                if (sent < bytes) {
                    break;
                }
            } else {
                next = i + 1;
                total += write(from[i]);
                if (from[i].hasRemaining()) {
                    break;
                }
            }
        }
        return total;
    }

    private int gather(final ByteBuffer[] from, final int begin, final int end, final int bytes) throws IOException {
        if (gathered == null) {
            gathered = new UnsafeBuffer(new byte[sender.longest()]);
        }
        int total = 0;
        for (int i = begin; i < end; i++) {
            gathered.putBytes(total, from[i], from[i].position(), from[i].remaining());
            total += from[i].remaining();
        }
        final int sent = write(gathered, 0, bytes); // one record: all or nothing
        for (int i = begin; i < end && sent > 0; i++) {
            from[i].position(from[i].limit());
        }
        return sent;
    }

    /**
     * Ends reading: what still comes is dropped, and reads return -1.
     *
     * @throws IOException if the socket has failed.
     */
    public void shutdownInput() throws IOException {
        if (!receiver.isShut()) {
            shut(SocketProtocol.SHUTDOWN_READING);
            receiver.shut();
        }
    }

    /**
     * Ends writing, when what was written is out; the peer then reads the end of the stream. Reading goes on.
     *
     * @throws IOException if the socket has failed.
     */
    public void shutdownOutput() throws IOException {
        if (!sender.isShut()) {
            shut(SocketProtocol.SHUTDOWN_WRITING);
            sender.shut();
        }
    }

    private void shut(final int how) throws IOException {
        ensureConnected();
        requests().begin(id, how);
        call(SocketProtocol.SHUTDOWN, HEADER, Operation.OTHER);
    }

    private void ensureConnected() throws ClosedChannelException {
        ensureOpen();
        if (!isConnected()) {
            throw new NotYetConnectedException();
        }
    }

    @Override
    void onSpace() {
        connector.onSpace();
        super.onSpace();
    }

    @Override
    void onData(final int flags, final DirectBuffer payload, final int offset, final int length) {
        receiver.onData(payload, offset, length);
    }

    @Override
    void onEnd() {
        receiver.onEnd();
    }

    @Override
    Operation kind() {
        return Operation.OTHER;
    }

    @Override
    int missed() {
        return (receiver.isReadable() ? Notices.READABLE : 0) | (connector.failure() == null ? 0 : Notices.CONNECT_FAILED);
    }

    @Override
    IOException connectFailure() {
        return connector.failure();
    }
}
