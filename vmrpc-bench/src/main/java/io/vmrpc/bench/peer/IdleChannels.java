package io.vmrpc.bench.peer;

import io.vmrpc.error.Status;
import io.vmrpc.error.VmrpcException;
import io.vmrpc.guest.Channel;
import io.vmrpc.guest.CompletionListener;
import io.vmrpc.guest.GuestContext;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.guest.Waiting;
import io.vmrpc.host.Agent;
import io.vmrpc.host.AgentContext;
import io.vmrpc.host.service.Request;
import io.vmrpc.host.service.Service;
import io.vmrpc.layout.Geometry;
import io.vmrpc.layout.Protocol;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Sessions whose channels have one request each that is never answered: a sleeping agent that holds them, or their guests. One object is one end. */
final class IdleChannels implements AutoCloseable {
    private static final String SERVICE = "hold";
    private static final int COLLECTIONS = 4;
    private static final CompletionListener NOBODY = new CompletionListener() {
        @Override
        public void onCompletion(final long correlation, final Status status, final int detail, final boolean more, final long lost,
            final DirectBuffer payload, final int offset, final int length) {
            throw new IllegalStateException("a request that is held was answered: " + status);
        }

        @Override
        public void onFailure(final long correlation, final VmrpcException failure) {
            // the end of the measurement
        }
    };
    private final Path folder;
    private final List<VmrpcGuest> guests = new ArrayList<>();
    private Agent agent;
    private int latest;

    IdleChannels(final Path folder) {
        this.folder = folder;
    }

    private Path region(final int number) {
        return folder.resolve("idle-" + number);
    }

    /** The agent's end. */
    void host(final int regions, final int channels) throws IOException {
        final AgentContext context = new AgentContext().service(new Hold()).removeRegionsOnClose(true)
            .geometry(new Geometry(Geometry.DEFAULT.slotCount(), channels, Geometry.DEFAULT.ringCapacity(), Geometry.DEFAULT.payloadCapacity()));
        for (int i = 0; i < regions; i++) {
            context.region(region(i));
        }
        agent = Agent.launch(context);
    }

    /** The guests' end: one more session for each region from a number on. */
    void connect(final int from, final int to) {
        latest = guests.size();
        for (int i = from; i < to; i++) {
            guests.add(VmrpcGuest.connect(new GuestContext().region(region(i))));
        }
    }

    /** So many channels in each session that came with the last {@link #connect}. */
    void open(final int channels) {
        final UnsafeBuffer nothing = new UnsafeBuffer(new byte[0]);
        for (final VmrpcGuest guest : guests.subList(latest, guests.size())) {
            final int hold = Protocol.operation(guest.resolve(SERVICE), 0);
            for (int i = 0; i < channels; i++) {
                final Channel channel = guest.openChannel(Waiting.sleeping());
                channel.submit(hold, 0, Long.MAX_VALUE, nothing, 0, 0, NOBODY);
                channel.flush();
            }
        }
    }

    /** Bytes of this process's heap that are in use. */
    static long heap() throws InterruptedException {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            Thread.sleep(50); // cleaners run meanwhile, and leave something for the next one
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static final class Hold implements Service {
        @Override
        public String name() {
            return SERVICE;
        }

        @Override
        public void onRequest(final Request request) {
            request.withhold();
        }
    }

    @Override
    public void close() {
        guests.forEach(VmrpcGuest::close);
        if (agent != null) {
            agent.close();
        }
    }
}
