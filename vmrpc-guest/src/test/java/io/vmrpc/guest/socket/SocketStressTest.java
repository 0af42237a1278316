package io.vmrpc.guest.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmrpc.guest.Waiting;
import io.vmrpc.guest.socket.SocketLoopback.Wait;
import io.vmrpc.host.policy.Policy;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many streams of two threads through small rings and small windows, echoed by the JDK: every byte comes back in its place. */
@Timeout(value = 100, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SocketStressTest {
    private static final int STREAMS = 6;
    private static final long BYTES = 300_000;
    @TempDir
    Path folder;

    @Test
    void everyByteComesBackInItsPlace() throws IOException {
        final long seed = System.nanoTime();
        System.out.println("SocketStressTest: seed=" + seed);
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            SocketLoopback loopback = new SocketLoopback(folder, Wait.SLEEP, SocketLoopback.SMALL, Policy.allowAll(), new SocketsContext())) {
            final Thread acceptor = new Thread(() -> echoAll(server), "echo");
            acceptor.setDaemon(true);
            acceptor.start();
            final List<CompletableFuture<Void>> owners = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                final Random random = new Random(seed + i);
                final Wait wait = i == 0 ? Wait.PARK : Wait.SLEEP;
                owners.add(CompletableFuture.runAsync(() -> own(loopback, server.getLocalPort(), wait, random)));
            }
            owners.forEach(CompletableFuture::join);
        }
    }

    private static void echoAll(final ServerSocket server) {
        try {
            while (true) {
                final Socket client = server.accept();
                final Thread echo = new Thread(() -> echo(client));
                echo.setDaemon(true);
                echo.start();
            }
        } catch (final IOException e) {
            return; // closed
        }
    }

    private static void echo(final Socket client) {
        try (client) {
            final InputStream in = client.getInputStream();
            in.transferTo(client.getOutputStream());
            client.shutdownOutput();
        } catch (final IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void own(final SocketLoopback loopback, final int port, final Wait wait, final Random random) {
        final Waiting waiting = loopback.waiting(wait);
        try (Sockets sockets = loopback.guest.openSockets(waiting, new SocketsContext().receiveWindow(1_500))) {
            final List<Flow> flows = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                final VmSocketChannel socket = sockets.openStream(StandardProtocolFamily.INET);
                socket.connect(SocketLoopback.local(port));
                socket.configureBlocking(false);
                flows.add(new Flow(socket, random));
            }
            while (!flows.isEmpty()) {
                boolean hasMoved = false;
                for (final Flow flow : flows) {
                    hasMoved |= flow.move();
                }
                flows.removeIf(Flow::isDone);
                if (!hasMoved) {
                    sockets.await(SocketLoopback.in(Duration.ofMillis(1 + random.nextInt(5))));
                }
            }
        } catch (final IOException e) {
            throw new AssertionError(e);
        } finally {
            CloseHelper.close(waiting instanceof AutoCloseable vcpu ? vcpu : null);
        }
    }

    /** One stream: byte i is (byte)(i * 31 >> 3). */
    private static final class Flow {
        private final VmSocketChannel socket;
        private final Random random;
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(3_000);
        private long sent;
        private long got;
        private boolean isDone;

        Flow(final VmSocketChannel socket, final Random random) {
            this.socket = socket;
            this.random = random;
        }

        boolean isDone() {
            return isDone;
        }

        boolean move() throws IOException {
            return random.nextBoolean() ? send() | receive() : receive();
        }

        private boolean send() throws IOException {
            if (sent == BYTES) {
                return false;
            }
            buffer.clear().limit((int)Math.min(1 + random.nextInt(3_000), BYTES - sent));
            for (int i = 0; i < buffer.limit(); i++) {
                buffer.put(i, at(sent + i));
            }
            final int count = socket.write(buffer);
            sent += count;
            if (sent == BYTES) {
                socket.shutdownOutput();
            }
            return count > 0;
        }

        private boolean receive() throws IOException {
            buffer.clear().limit(1 + random.nextInt(3_000));
            final int count = socket.read(buffer);
            for (int i = 0; i < count; i++) {
                assertEquals(at(got++), buffer.get(i));
            }
            if (count < 0) {
                assertEquals(BYTES, got);
                socket.close();
                isDone = true;
            }
            return count != 0;
        }

        private static byte at(final long index) {
            return (byte)(index * 31 >> 3);
        }
    }
}
