package io.vmrpc.bench.peer;

import io.vmrpc.bench.report.PeerVariants;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** The JDK's blocking SocketChannel over a Unix socket; four bytes of length before each message, both in one direct buffer. */
final class JdkCalls implements Way {
    private static final int HEAD = Integer.BYTES;

    @Override
    public String variant() {
        return PeerVariants.JDK_UDS;
    }

    @Override
    public Server serve(final Path folder, final int bytes) throws IOException {
        final Path path = folder.resolve("jdk.sock");
        final ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path));
        final Thread thread = new Thread(() -> serve(server), "jdk-uds-server");
        thread.setDaemon(true);
        thread.start();
        return new Server() {
            @Override
            public String address() {
                return path.toString();
            }

            @Override
            public void close() throws IOException {
                server.close();
                Files.deleteIfExists(path);
            }
        };
    }

    private static void serve(final ServerSocketChannel server) {
        while (server.isOpen()) {
            try (SocketChannel peer = server.accept()) {
                final ByteBuffer buffer = ByteBuffer.allocateDirect(HEAD + LONGEST);
                while (true) {
                    receive(peer, buffer);
                    send(peer, buffer);
                }
            } catch (final IOException e) {
                continue; // the caller went away, or close() ended the accept
            }
        }
    }

    @Override
    public Caller connect(final String address) throws IOException {
        final SocketChannel socket = SocketChannel.open(UnixDomainSocketAddress.of(address));
        final ByteBuffer request = ByteBuffer.allocateDirect(HEAD + LONGEST).putInt(0, 0).put(HEAD, Way.request());
        final ByteBuffer answer = ByteBuffer.allocateDirect(HEAD + LONGEST);
        return new Caller() {
            @Override
            public int call(final int length) throws IOException {
                send(socket, request.putInt(0, length).position(0).limit(HEAD + length));
                receive(socket, answer);
                return answer.limit() - HEAD;
            }

            @Override
            public byte answer(final int index) {
                return answer.get(HEAD + index);
            }

            @Override
            public void close() throws IOException {
                socket.close();
            }
        };
    }

    private static void send(final SocketChannel socket, final ByteBuffer message) throws IOException {
        while (message.hasRemaining()) {
            socket.write(message);
        }
    }

    /** One message from 0 to the limit. The peer sends no second one before it has an answer, so that one read may take head and body. */
    private static void receive(final SocketChannel socket, final ByteBuffer buffer) throws IOException {
        buffer.clear();
        while (buffer.position() < HEAD || buffer.position() < HEAD + buffer.getInt(0)) {
            if (socket.read(buffer) < 0) {
                throw new EOFException("the peer closed the connection");
            }
        }
        buffer.flip();
    }
}
