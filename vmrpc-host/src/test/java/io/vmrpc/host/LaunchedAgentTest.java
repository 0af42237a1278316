package io.vmrpc.host;

import static org.junit.jupiter.api.Assertions.*;

import io.vmrpc.error.Status;
import io.vmrpc.layout.HeaderDescriptor;
import io.vmrpc.layout.LinkDescriptor;
import io.vmrpc.layout.Protocol;
import io.vmrpc.natives.Native;
import io.vmrpc.park.Parker;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.lang.management.ManagementFactory;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An agent with threads of its own, a loopback shim, and the doorbell. */
@Timeout(60)
class LaunchedAgentTest {
    @TempDir
    Path folder;
    private final ScriptedService service = new ScriptedService();

    private AgentContext context() {
        return new AgentContext().region(folder.resolve("region")).geometry(SessionFixture.GEOMETRY).service(service);
    }

    private long gate() {
        final byte[] error = new byte[256];
        final long gate = Native.vmrpc_gate_open(folder.resolve("region").toString(), null, 0, error, error.length);
        assertNotEquals(0, gate, () -> new String(error, StandardCharsets.UTF_8).trim());
        return gate;
    }

    private static void await(final String what, final BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; !condition.getAsBoolean(); i++) {
            assertTrue(i < 30_000, () -> "waited in vain for: " + what);
            Thread.sleep(1);
        }
    }

    private static boolean isLinkUp(final RawGuest guest) {
        return guest.header.getIntAcquire(HeaderDescriptor.LINK) == Protocol.LINK_UP;
    }

    private static boolean isAsleep(final RawGuest guest) {
        return guest.header.getIntAcquire(HeaderDescriptor.SLEEPING) == 1;
    }

    /** Steps D2 to D4. */
    private static void ring(final RawGuest guest, final long gate) {
        VarHandle.fullFence();
        if (isAsleep(guest)) {
            Native.vmrpc_doorbell(gate);
        }
    }

    private void connect(final RawGuest guest, final long gate) throws InterruptedException {
        await("link", () -> isLinkUp(guest));
        guest.hello();
        ring(guest, gate);
        await("session", guest::isOpen);
    }

    @Test
    void manyCallsToASleepingAgent() throws Exception {
        try (Agent agent = Agent.launch(context()); RawGuest guest = new RawGuest(folder.resolve("region"))) {
            final long gate = gate();
            try {
                connect(guest, gate);
                for (int i = 0; i < 2_000; i++) {
                    guest.submit(0, Protocol.operation(1, ScriptedService.ECHO), 0, (byte)i);
                    ring(guest, gate);
                    List<RawGuest.Completion> taken = guest.poll(0);
                    while (taken.isEmpty()) {
                        Thread.onSpinWait();
                        taken = guest.poll(0);
                    }
                    assertArrayEquals(new byte[]{(byte)i}, taken.get(0).payload());
                }
                assertTrue(agent.counters().get(0).doorbells().get() > 0, "some of the calls must have found it asleep");
            } finally {
                Native.vmrpc_gate_close(gate);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"blocking", "spinning", "mixed"})
    void aWithheldReplyWakesAParkedGuest(final String idle) throws Exception {
        final ShardIdle choice = switch (idle) {
            case "spinning" -> ShardIdle.SPINNING;
            case "mixed" -> ShardIdle.spinFor(Duration.ofMillis(5));
            default -> ShardIdle.BLOCKING;
        };
        try (Agent agent = Agent.launch(context().idle(choice)); RawGuest guest = new RawGuest(folder.resolve("region"))) {
            final long gate = gate();
            try {
                connect(guest, gate);
                guest.submit(0, Protocol.operation(1, ScriptedService.WITHHOLD), 0);
                final Parker parker = new Parker(guest.region.slot(0), 0, gate);
                final AtomicReference<List<RawGuest.Completion>> taken = new AtomicReference<>(guest.poll(0));
                final Thread completer = new Thread(() -> {
                    try {
                        Thread.sleep(50);
                        agent.shard(0).execute(() -> service.withheld.get(0).complete());
                    } catch (final InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
                completer.start();
                while (taken.get().isEmpty()) {
                    parker.park(() -> {
                        taken.set(guest.poll(0));
                        return taken.get().isEmpty();
                    }, Protocol.NO_DEADLINE, Protocol.SLOT_DOORBELL);
                    if (taken.get().isEmpty()) {
                        taken.set(guest.poll(0));
                    }
                }
                assertEquals(Status.OK, taken.get().get(0).status());
                completer.join();
            } finally {
                Native.vmrpc_gate_close(gate);
            }
        }
    }

    @Test
    void aBlockingAgentKeepsDeadlinesAndCostsNoCpuWhenIdle() throws Exception {
        final AtomicReference<Thread> shard = new AtomicReference<>();
        final AgentContext context = context().threadFactory(task -> {
            shard.set(new Thread(task));
            return shard.get();
        });
        try (Agent agent = Agent.launch(context); RawGuest guest = new RawGuest(folder.resolve("region"))) {
            final long gate = gate();
            try {
                connect(guest, gate);
                final long deadline = Native.vmrpc_now_ns() + 20_000_000;
                guest.offer(0, 5, Protocol.operation(1, ScriptedService.WITHHOLD), 0, deadline);
                ring(guest, gate);
                final AtomicReference<List<RawGuest.Completion>> taken = new AtomicReference<>(List.of());
                await("deadline", () -> {
                    taken.set(guest.poll(0));
                    return !taken.get().isEmpty();
                });
                assertTrue(Native.vmrpc_now_ns() >= deadline, "not before the deadline");
                assertEquals(Status.DEADLINE_EXCEEDED, taken.get().get(0).status());
                await("sleep", () -> isAsleep(guest));
                final long before = ManagementFactory.getThreadMXBean().getThreadCpuTime(shard.get().getId());
                Thread.sleep(500);
                final long used = ManagementFactory.getThreadMXBean().getThreadCpuTime(shard.get().getId()) - before;
                assertTrue(used < 100_000_000, "an idle shard used " + used + " ns of CPU in 500 ms");
                assertEquals(1, agent.counters().get(0).sessions().get());
            } finally {
                Native.vmrpc_gate_close(gate);
            }
        }
    }

    @Test
    void aHangUpEndsTheSession() throws Exception {
        try (Agent agent = Agent.launch(context()); RawGuest guest = new RawGuest(folder.resolve("region"))) {
            final long gate = gate();
            connect(guest, gate);
            guest.submit(0, Protocol.operation(1, ScriptedService.WITHHOLD), 0);
            ring(guest, gate);
            await("request", () -> agent.counters().get(0).requests().get() == 1);
            Native.vmrpc_gate_close(gate);
            await("end", () -> guest.status() == Protocol.SESSION_ENDED);
            assertEquals(1, service.ended.size());
        }
    }

    @Test
    void aNewAgentOnTheSameFileWaitsForANewHello() throws Exception {
        final long before;
        try (RawGuest guest = guestOfAnEndedAgent()) {
            before = guest.header.getLong(HeaderDescriptor.AGENT_EPOCH);
            assertEquals(0, before, "a closed agent withdraws");
            try (Agent agent = Agent.launch(context())) {
                assertNotEquals(0, guest.header.getLongAcquire(HeaderDescriptor.AGENT_EPOCH));
                final long gate = gate();
                try {
                    await("link", () -> isLinkUp(guest));
                    Native.vmrpc_doorbell(gate);
                    assertFalse(guest.isOpen(), "the hello that stood there is not answered");
                    assertEquals(0, agent.counters().get(0).sessions().get());
                    connect(guest, gate);
                    assertEquals(1, agent.counters().get(0).sessions().get());
                } finally {
                    Native.vmrpc_gate_close(gate);
                }
            }
        }
    }

    private RawGuest guestOfAnEndedAgent() throws IOException, InterruptedException {
        try (Agent agent = Agent.launch(context())) {
            final RawGuest guest = new RawGuest(folder.resolve("region"));
            final long gate = gate();
            connect(guest, gate);
            Native.vmrpc_gate_close(gate);
            assertEquals(1, agent.counters().get(0).sessions().get());
            return guest;
        }
    }

    @Test
    void regionsAreDealtOutToShards() throws Exception {
        final AgentContext context = context().region(folder.resolve("second")).shards(2).removeRegionsOnClose(true);
        try (Agent agent = Agent.launch(context)) {
            assertEquals(2, agent.shardCount());
            assertEquals(List.of(folder.resolve("region"), folder.resolve("second")),
                agent.counters().stream().map(io.vmrpc.host.session.RegionCounters::region).toList());
        }
        assertFalse(java.nio.file.Files.exists(folder.resolve("second")));
    }

    @Test
    void oneLinkAtATime() throws Exception {
        try (Agent agent = Agent.launch(context()); RawGuest guest = new RawGuest(folder.resolve("region"))) {
            assertEquals(1, agent.shardCount());
            final long gate = gate();
            try {
                await("link", () -> isLinkUp(guest));
                assertEquals(Protocol.LINK_BUSY, greet(Protocol.MAGIC, Protocol.VERSION, guest.region.id()));
                assertEquals(Protocol.LINK_FOREIGN_REGION, greet(Protocol.MAGIC, Protocol.VERSION, guest.region.id() + 1));
                assertEquals(Protocol.LINK_VERSION, greet(Protocol.MAGIC, 2 << 16, guest.region.id()));
                assertEquals(Protocol.LINK_VERSION, greet(7, Protocol.VERSION, guest.region.id()));
            } finally {
                Native.vmrpc_gate_close(gate);
            }
        }
    }

    /** The status of the welcome; the hello arrives in two pieces. */
    private int greet(final long magic, final int version, final long regionId) throws IOException {
        final ByteBuffer hello = ByteBuffer.allocate(LinkDescriptor.LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        hello.putLong(magic).putInt(version).putInt(Protocol.SHIM_LOOPBACK).putLong(regionId).putLong(1).flip();
        try (SocketChannel socket = SocketChannel.open(UnixDomainSocketAddress.of(folder.resolve("region.sock")))) {
            hello.limit(5);
            socket.write(hello);
            hello.limit(LinkDescriptor.LENGTH);
            socket.write(hello);
            final ByteBuffer welcome = ByteBuffer.allocate(LinkDescriptor.LENGTH).order(ByteOrder.LITTLE_ENDIAN);
            while (welcome.hasRemaining() && socket.read(welcome) >= 0) {
                Thread.onSpinWait();
            }
            assertEquals(Protocol.MAGIC, welcome.getLong(LinkDescriptor.MAGIC));
            return welcome.getInt(LinkDescriptor.WELCOME_STATUS);
        }
    }

    @Test
    void theAgentsClockIsTheHosts() {
        final long before = System.nanoTime();
        final long host = Native.vmrpc_now_ns();
        assertTrue(before <= host && host <= System.nanoTime(), "System.nanoTime must be CLOCK_MONOTONIC");
    }
}
