package io.vmrpc.bench.density;

import io.vmrpc.natives.Errno;
import io.vmrpc.natives.Native;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;

/** A conventional thread: it sleeps in the kernel and has a socket of its own. */
final class HostLoop implements Loop {
    private static final int MILLI = 1_000_000;
    private final DatagramSocket socket = new DatagramSocket();
    private final ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES);
    private final DatagramPacket packet = new DatagramPacket(bytes.array(), Integer.BYTES);

    HostLoop(final InetSocketAddress peer, final int priority) throws IOException {
        socket.connect(peer);
        final int result = priority == 0 ? Native.vmrpc_set_timer_slack(1) : Native.vmrpc_set_scheduler(0, Native.SCHED_FIFO, priority);
        if (result < 0) {
            throw new IOException("a thread's scheduling cannot be set: " + Errno.text(-result));
        }
    }

    @Override
    public void sleepUntil(final long ns) {
        for (long left; (left = ns - System.nanoTime()) > 0;) {
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public boolean exchange(final int number, final long untilNs) throws IOException {
        bytes.putInt(0, number);
        socket.send(packet);
        for (long left; (left = untilNs - System.nanoTime()) > 0;) {
            socket.setSoTimeout((int)Math.max(1, left / MILLI)); // the next cycle is not delayed by more than what is left
            try {
                socket.receive(packet);
            } catch (final SocketTimeoutException e) {
                return false;
            }
            if (bytes.getInt(0) == number) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        socket.close();
    }
}
