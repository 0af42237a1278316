package io.vmrpc.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.host.RawGuest.Completion;
import io.vmrpc.host.session.Quotas;
import io.vmrpc.host.session.RegionCounters;
import io.vmrpc.layout.Geometry;
import io.vmrpc.layout.Protocol;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** An agent without a thread of its own, one or two raw guests, and the {@link ScriptedService}. */
final class SessionFixture implements AutoCloseable {
    static final Geometry GEOMETRY = new Geometry(2, 4, 8, 128);
    static final int SERVICE = 1;
    final ScriptedService service = new ScriptedService();
    final Path path;
    final Agent agent;
    final RawGuest guest;
    long nowNs = 1_000;

    SessionFixture(final Path folder, final Quotas quotas) throws IOException {
        path = folder.resolve("region");
        agent = Agent.invoker(new AgentContext().region(path).region(folder.resolve("other")).geometry(GEOMETRY).quotas(quotas)
            .service(service).clock(() -> nowNs).removeRegionsOnClose(true));
        guest = new RawGuest(path);
    }

    SessionFixture(final Path folder) throws IOException {
        this(folder, Quotas.DEFAULT);
    }

    /** Connects. */
    SessionFixture open() {
        guest.hello();
        work();
        assertTrue(guest.isOpen(), "the session must be open");
        return this;
    }

    /** Runs the agent until it has nothing to do. */
    void work() {
        for (int i = 0; agent.doWork() > 0; i++) {
            assertTrue(i < 10_000, "the agent finds work for ever");
        }
    }

    RegionCounters counters() {
        return agent.counters().get(0);
    }

    long submit(final int method, final byte... payload) {
        return guest.submit(0, Protocol.operation(SERVICE, method), 0, payload);
    }

    /** The only completion that is there. */
    Completion single() {
        work();
        final List<Completion> taken = guest.poll(0);
        assertEquals(1, taken.size(), () -> "completions: " + taken);
        return taken.get(0);
    }

    @Override
    public void close() {
        guest.close();
        agent.close();
    }
}
