package io.vmrpc.host;

import static org.junit.jupiter.api.Assertions.*;

import io.vmrpc.host.fuzz.FuzzedService;
import io.vmrpc.host.fuzz.Scribbler;
import io.vmrpc.host.session.Quotas;
import io.vmrpc.layout.Geometry;
import io.vmrpc.layout.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A hostile guest writes between the agent's turns; the runs can be repeated by their seed. */
class ScribbleProperties {
    private static final Geometry GEOMETRY = new Geometry(2, 4, 4, 64);
    private static final Quotas QUOTAS = new Quotas(3, 5, 3, 200);
    /** Turns without end would mean that the agent finds work for ever. */
    private static final int MAX_TURNS = 200;

    @Property(tries = 60)
    void theAgentSurvivesAndServesTheOthers(@ForAll final long seed, @ForAll @IntRange(min = 1, max = 40) final int stepsPerTurn)
        throws IOException {
        final Path folder = Files.createTempDirectory("vmrpc-scribble");
        final Random random = new Random(seed);
        final FuzzedService service = new FuzzedService(random);
        final AgentContext context = new AgentContext().region(folder.resolve("hostile")).region(folder.resolve("honest"))
            .geometry(GEOMETRY).quotas(QUOTAS).service(service).removeRegionsOnClose(true);
        try (Agent agent = Agent.invoker(context); RawGuest hostile = new RawGuest(folder.resolve("hostile"));
            RawGuest honest = new RawGuest(folder.resolve("honest"))) {
            honest.hello();
            agent.doWork();
            final Scribbler scribbler = new Scribbler(hostile.region, random);
            for (int i = 0; i < 200; i++) {
                for (int j = 0; j < stepsPerTurn; j++) {
                    scribbler.step();
                }
                agent.doWork();
                assertServed(agent, honest, i);
                assertTrue(service.liveCount() <= QUOTAS.channels() * QUOTAS.outstanding(), "memory is bounded by the quotas");
            }
            hostile.leave();
            settle(agent);
            assertEquals(0, service.liveCount(), "the end of the session frees everything");
        }
        Files.delete(folder);
    }

    private static void assertServed(final Agent agent, final RawGuest honest, final int i) {
        honest.offer(0, i, Protocol.operation(1, 0), 0, Protocol.NO_DEADLINE, (byte)i);
        agent.doWork();
        final List<RawGuest.Completion> taken = honest.poll(0);
        assertEquals(1, taken.size());
        assertArrayEquals(new byte[]{(byte)i}, taken.get(0).payload());
    }

    private static void settle(final Agent agent) {
        for (int i = 0; agent.doWork() > 0; i++) {
            assertTrue(i < MAX_TURNS, "the agent finds work for ever");
        }
    }
}
