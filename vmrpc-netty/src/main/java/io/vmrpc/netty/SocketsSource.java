package io.vmrpc.netty;

import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.guest.Waiting;
import io.vmrpc.guest.socket.Sockets;
import java.util.concurrent.Callable;

/** Opens the sockets of one event loop, again after the agent was lost. The loop's thread's. */
interface SocketsSource {
    /**
     * Opens sockets.
     *
     * @return new ones, of the calling thread.
     * @throws Exception whatever hinders it.
     */
    Sockets open() throws Exception;

    /** Gives back what outlives the sockets. */
    default void close() {
    }

    /** Waits in a way that is made once and kept. */
    final class Bound implements SocketsSource {
        private final VmrpcGuest guest;
        private final Callable<? extends Waiting> waitings;
        private Waiting waiting;

        Bound(final VmrpcGuest guest, final Callable<? extends Waiting> waitings) {
            this.guest = guest;
            this.waitings = waitings;
        }

        @Override
        public Sockets open() throws Exception {
            if (waiting == null) {
                waiting = waitings.call();
            }
            return guest.openSockets(waiting);
        }

        @Override
        public void close() {
            if (waiting instanceof AutoCloseable closeable) {
                try {
                    closeable.close();
                } catch (final Exception e) {
                    throw new IllegalStateException("the loop's hold on its vCPU cannot be given back", e);
                }
            }
        }
    }
}
