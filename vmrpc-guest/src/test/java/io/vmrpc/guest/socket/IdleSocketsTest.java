package io.vmrpc.guest.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.guest.socket.SocketLoopback.Wait;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sockets on which nothing happens cost no CPU, neither in the agent nor in the guest. */
@Timeout(value = 50, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class IdleSocketsTest {
    private static final int KINDS = 3;
    private static final int COUNT = 1_000;
    private static final Duration SILENCE = Duration.ofSeconds(3);
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    @TempDir
    Path folder;

    @Test
    void aThousandOfThemCostNothing() throws IOException {
        final List<SocketChannel> peers = new ArrayList<>();
        try (SocketLoopback loopback = new SocketLoopback(folder, Wait.PARK); ServerSocketChannel server = ServerSocketChannel.open().bind(SocketLoopback.local(0))) {
            VmDatagramChannel last = null;
            for (int i = 0; i < COUNT / KINDS + 1; i++) {
                last = loopback.sockets.openDatagram(StandardProtocolFamily.INET);
                last.bind(SocketLoopback.local(0));
                loopback.sockets.openServer(StandardProtocolFamily.INET).bind(SocketLoopback.local(0));
                loopback.sockets.openStream(StandardProtocolFamily.INET).connect(server.getLocalAddress());
                peers.add(server.accept());
            }
            final long agentBefore = THREADS.getThreadCpuTime(loopback.shard.getId());
            assertTrue(agentBefore > 0, "this is not the thread that opened them");
            final long guestBefore = THREADS.getCurrentThreadCpuTime();
            final long until = SocketLoopback.in(SILENCE);
            while (System.nanoTime() - until < 0) {
                loopback.sockets.await(until);
            }
            final long agent = THREADS.getThreadCpuTime(loopback.shard.getId()) - agentBefore;
            final long guest = THREADS.getCurrentThreadCpuTime() - guestBefore;
            System.out.println("IdleSocketsTest: in " + SILENCE.toSeconds() + " s the agent used " + agent / 1_000 + " us, the guest " + guest / 1_000 + " us");
            assertTrue(agent < SILENCE.toNanos() / 100, "the agent used " + agent + " ns");
            assertTrue(guest < SILENCE.toNanos() / 100, "the guest used " + guest + " ns");
            peers.get(COUNT / KINDS).write(ByteBuffer.wrap(new byte[] {1})); // they are still watched
            assertTrue(loopback.sockets.await(SocketLoopback.in(Duration.ofSeconds(20))));
            assertEquals(0, last.receive((from, offset, length, source) -> { }, System.nanoTime()));
        } finally {
            CloseHelper.closeAll(peers);
        }
    }
}
