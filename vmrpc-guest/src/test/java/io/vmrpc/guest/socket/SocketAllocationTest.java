package io.vmrpc.guest.socket;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.vmrpc.guest.socket.SocketLoopback.Wait;
import io.vmrpc.host.policy.Policy;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is allocated per datagram or record, whatever the form of receive. Both ends are the guest's, so that one thread drives them. */
@Timeout(value = 100, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SocketAllocationTest {
    private static final int WARM_UP = 15_000;
    private static final int RUNS = 10_000;
    private static final int LENGTH = 200;
    @TempDir
    Path folder;
    private final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
    private final UnsafeBuffer bytes = new UnsafeBuffer(new byte[LENGTH]);
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(LENGTH);
    private final DatagramHandler ignoring = (from, offset, length, source) -> { };

    /** One round. */
    private interface Round {
        void run() throws IOException;
    }

    private void measure(final String what, final Round round) throws IOException {
        for (int i = 0; i < WARM_UP; i++) {
            round.run();
        }
        final long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        for (int i = 0; i < RUNS; i++) {
            round.run();
        }
        final long allocated = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        System.out.println("SocketAllocationTest: " + what + ": " + allocated + " bytes in " + RUNS + " rounds");
        assertTrue(allocated < RUNS, what + " allocated " + allocated); // the bean itself allocates a little
    }

    private void receiveAll(final VmDatagramChannel from, final int count) throws IOException {
        for (int got = 0; got < count;) {
            got += from.receive(ignoring);
        }
    }

    @Test
    void datagrams() throws IOException {
        try (SocketLoopback loopback = new SocketLoopback(folder, Wait.PARK, SocketLoopback.LARGE, Policy.allowAll(), new SocketsContext())) {
            final VmDatagramChannel one = loopback.sockets.openDatagram(StandardProtocolFamily.INET);
            final VmDatagramChannel two = loopback.sockets.openDatagram(StandardProtocolFamily.INET);
            one.bind(SocketLoopback.local(0));
            two.bind(SocketLoopback.local(0));
            measure("send to the same target and handler", () -> {
                one.send(bytes, 0, LENGTH, two.localAddress());
                receiveAll(two, 1);
            });
            measure("receive from the same source", () -> {
                one.send(bytes, 0, LENGTH, two.localAddress());
                two.receive(buffer.clear());
            });
            measure("queue", () -> {
                for (int i = 0; i < 5; i++) {
                    one.send(bytes, 0, LENGTH, two.localAddress());
                }
                loopback.sockets.await(Long.MAX_VALUE);
                receiveAll(two, 5);
            });
            one.connect(two.localAddress());
            two.connect(one.localAddress());
            measure("connected", () -> {
                buffer.clear();
                one.write(buffer);
                two.read(buffer.clear());
            });
        }
    }

    @Test
    void streams() throws IOException {
        try (SocketLoopback loopback = new SocketLoopback(folder, Wait.PARK, SocketLoopback.LARGE, Policy.allowAll(), new SocketsContext())) {
            final VmServerSocketChannel server = loopback.sockets.openServer(StandardProtocolFamily.INET);
            server.bind(SocketLoopback.local(0));
            final VmSocketChannel one = loopback.sockets.openStream(StandardProtocolFamily.INET);
            one.connect(server.localAddress());
            final VmSocketChannel two = server.accept();
            measure("stream", () -> {
                buffer.clear();
                one.write(buffer);
                buffer.clear();
                while (buffer.hasRemaining()) {
                    two.read(buffer);
                }
            });
            two.listener(new SocketListener() { });
            measure("stream with a listener", () -> {
                buffer.clear();
                one.write(buffer);
                for (int got = 0; got < LENGTH;) {
                    loopback.sockets.await(Long.MAX_VALUE);
                    while (two.available() > 0) {
                        got += two.read(bytes, 0, LENGTH);
                    }
                }
            });
        }
    }
}
