package io.vmrpc.guest.loopback;

import io.vmrpc.guest.GuestContext;
import io.vmrpc.guest.RealTimeVcpu;
import io.vmrpc.guest.VcpuContext;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.guest.Waiting;
import io.vmrpc.layout.Protocol;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.agrona.concurrent.UnsafeBuffer;

/** A guest and its agent. */
final class Loopback implements AutoCloseable {
    final Path region;
    final RunningAgent.Place place;
    final VmrpcGuest guest;
    private RunningAgent agent;
    private int service;

    Loopback(final Path folder, final RunningAgent.Place place) throws IOException {
        this.place = place;
        region = folder.resolve("region");
        agent = place.start(region);
        guest = VmrpcGuest.connect(new GuestContext().region(region).timeout(Duration.ofSeconds(20)));
        service = guest.resolve(TestService.NAME);
    }

    /** How a thread waits. */
    enum Wait { PARK, SLEEP, SPIN }

    /** The calling thread's way to wait; close it if it can be closed. */
    Waiting waiting(final Wait wait) {
        return switch (wait) {
            case PARK -> vcpu();
            case SLEEP -> Waiting.sleeping();
            case SPIN -> Waiting.spinning();
        };
    }

    /** Binds the calling thread without any privilege. */
    RealTimeVcpu vcpu() {
        return guest.bind(new VcpuContext().priority(0).lockMemory(false));
    }

    int operation(final int method) {
        return Protocol.operation(service, method);
    }

    void stopAgent() {
        agent.close();
    }

    void restartAgent() throws IOException {
        agent = place.start(region);
        guest.reconnect(Duration.ofSeconds(20));
        service = guest.resolve(TestService.NAME);
    }

    static UnsafeBuffer number(final long value) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[Long.BYTES]);
        buffer.putLong(0, value);
        return buffer;
    }

    @Override
    public void close() {
        guest.close();
        agent.close();
    }
}
