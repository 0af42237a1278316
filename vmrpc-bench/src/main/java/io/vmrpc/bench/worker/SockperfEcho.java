package io.vmrpc.bench.worker;

import io.vmrpc.guest.socket.Sockets;
import io.vmrpc.guest.socket.VmDatagramChannel;
import io.vmrpc.guest.socket.VmServerSocketChannel;
import io.vmrpc.guest.socket.VmSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;

/**
 * A server for Debian's sockperf 3.7, by sockets of the host: it answers messages as {@code sockperf server} does, so that a program which nobody here wrote
 * can take the samples. Used by the thread that owns the sockets. A message, big-endian:
 *
 * <pre>
 *   0   number          8 bytes
 *   8   flags           2 bytes: 1 from a client, 2 wants an answer, 4 warms up
 *   10  length          4 bytes, of the whole message
 * </pre>
 *
 * <p>The answer is the message without the client's flag.
 */
public final class SockperfEcho implements NetServer {
    private static final int FLAGS = 8;
    private static final int FROM_CLIENT = 1;
    private static final int WANTS_ANSWER = 2;
    private static final int LENGTH = 10;
    private static final int HEADER = 14;
    private static final int LONGEST = 65_536;
    /** How long the first message may take to come; the client may wait for a CPU. */
    private static final long PATIENCE_NS = 30_000_000_000L;
    /** A client of datagrams that says nothing for so long has gone. */
    private static final long QUIET_NS = 1_500_000_000L;
    private final VmDatagramChannel datagrams;
    private final VmServerSocketChannel listener;
    private final ByteBuffer messages = ByteBuffer.allocateDirect(LONGEST);
    private long served;

    /**
     * Binds.
     *
     * @param sockets stay open.
     * @param isTcp whether to listen for a connection, not for datagrams.
     * @param local address to serve at.
     * @throws IOException if the host does not let it.
     */
    public SockperfEcho(final Sockets sockets, final boolean isTcp, final InetSocketAddress local) throws IOException {
        datagrams = isTcp ? null : sockets.openDatagram(StandardProtocolFamily.INET);
        listener = isTcp ? sockets.openServer(StandardProtocolFamily.INET) : null;
        if (isTcp) {
            listener.bind(local);
        } else {
            datagrams.bind(local);
        }
    }

    @Override
    public void serve() throws IOException {
        try {
            if (listener != null) {
                serveConnection();
            } else {
                serveDatagrams();
            }
        } catch (final SocketTimeoutException e) {
            return; // the client is done
        }
    }

    private void serveDatagrams() throws IOException {
        for (long patienceNs = PATIENCE_NS;; patienceNs = QUIET_NS) {
            final SocketAddress client = datagrams.receive(messages.clear(), System.nanoTime() + patienceNs);
            if (messages.flip().limit() >= HEADER && answers(0)) {
                datagrams.send(messages, client);
            }
        }
    }

    private void serveConnection() throws IOException {
        try (VmSocketChannel connection = listener.accept(System.nanoTime() + PATIENCE_NS)) {
            connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
            messages.clear();
            while (connection.read(messages) >= 0) {
                messages.flip();
                while (hasMessage()) {
                    answer(connection);
                }
                messages.compact();
            }
        } catch (final SocketException e) {
            if (served == 0) {
                throw e;
            } // sockperf leaves when its time is over, with the last answer unread: that resets the connection
        }
    }

    private boolean hasMessage() throws IOException {
        if (messages.remaining() < HEADER) {
            return false;
        }
        final int length = messages.getInt(messages.position() + LENGTH);
        if (length < HEADER || length > LONGEST) {
            throw new IOException("length=" + length + " of a message: the client is no sockperf 3.7, or sends more than " + LONGEST + " bytes");
        }
        return messages.remaining() >= length;
    }

    private void answer(final VmSocketChannel connection) throws IOException {
        final int rest = messages.limit();
        final int end = messages.position() + messages.getInt(messages.position() + LENGTH);
        if (answers(messages.position())) {
            messages.limit(end);
            connection.write(messages);
            messages.limit(rest);
        }
        messages.position(end);
    }

    /** Makes a message its answer, if it wants one. */
    private boolean answers(final int offset) {
        final int flags = messages.getShort(offset + FLAGS);
        messages.putShort(offset + FLAGS, (short)(flags & ~FROM_CLIENT));
        final boolean isWanted = (flags & (FROM_CLIENT | WANTS_ANSWER)) == (FROM_CLIENT | WANTS_ANSWER);
        served += isWanted ? 1 : 0;
        return isWanted;
    }

    @Override
    public long served() {
        return served;
    }

    @Override
    public void close() throws IOException {
        if (listener != null) {
            listener.close();
        } else {
            datagrams.close();
        }
    }
}
