package io.vmrpc.vm;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The Unix sockets to which QEMU connects as it starts. The runner listens before it starts QEMU: so a connection is never
 * refused and nothing that the guest writes comes before there is a reader.
 */
final class GuestPorts implements AutoCloseable {
    private final Map<String, ServerSocketChannel> listeners = new LinkedHashMap<>();

    static GuestPorts listen(RunFolder folder, List<String> names) throws IOException {
        GuestPorts ports = new GuestPorts();
        for (String name : names) {
            ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            ports.listeners.put(name, listener);
            listener.bind(UnixDomainSocketAddress.of(folder.file(name)));
        }
        return ports;
    }

    /** Waits for QEMU to connect; {@link #close()} by another thread ends the wait with a ClosedChannelException. */
    SocketChannel accept(String name) throws IOException {
        try (ServerSocketChannel listener = listeners.get(name)) {
            return listener.accept();
        }
    }

    @Override
    public void close() {
        for (ServerSocketChannel listener : listeners.values()) {
            try {
                listener.close();
            } catch (IOException e) {
                // nothing depends on it: the run's folder is removed with the socket
            }
        }
    }
}
