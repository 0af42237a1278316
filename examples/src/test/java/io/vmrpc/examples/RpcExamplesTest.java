package io.vmrpc.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.error.Status;
import io.vmrpc.examples.MarketData.Condition;
import io.vmrpc.examples.MarketData.Quote;
import io.vmrpc.guest.GuestContext;
import io.vmrpc.guest.RealTimeVcpu;
import io.vmrpc.guest.VcpuContext;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.guest.Waiting;
import io.vmrpc.guest.rpc.GuestRpc;
import io.vmrpc.host.Agent;
import io.vmrpc.host.AgentContext;
import io.vmrpc.host.rpc.RpcService;
import io.vmrpc.rpc.RpcException;
import io.vmrpc.rpc.Subscription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The typed services do what they say. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RpcExamplesTest {
    private static final int MAX_LINES = 40;
    @TempDir
    private Path folder;

    private static VcpuContext unprivileged() {
        return new VcpuContext().priority(0).lockMemory(false);
    }

    @Test
    void theFirstServiceAnswersInUnderFortyLines() throws Exception {
        final Path region = folder.resolve("region");
        try (Agent agent = FirstService.serve(region); VmrpcGuest guest = VmrpcGuest.connect(new GuestContext().region(region))) {
            assertEquals("Flow[valve=3, litres=250.0, warnings=[that is a lot]]", FirstService.call(guest, unprivileged()));
            assertTrue(agent.counters().get(0).completions().get() > 0);
        }
        final List<String> lines = Files.readAllLines(Path.of(System.getProperty("basedir", ""), "src/main/java/io/vmrpc/examples/FirstService.java"));
        final long written = lines.subList(lines.indexOf("    // readme: begin") + 1, lines.indexOf("    // readme: end")).stream()
            .filter(line -> !line.isBlank()).count();
        assertTrue(written < MAX_LINES, "lines=" + written);
    }

    @Test
    void theControllerAwaitsSamplesAndSetsOutputs() throws IOException {
        final Path region = folder.resolve("region");
        final PlcMachine machine = new PlcMachine();
        try (Agent agent = Agent.launch(new AgentContext().region(region).service(RpcService.of(PlcDispatcher.of(machine))));
            VmrpcGuest guest = VmrpcGuest.connect(new GuestContext().region(region));
            RealTimeVcpu vcpu = guest.bind(unprivileged());
            GuestRpc rpc = guest.openRpc(vcpu)) {
            final Plc plc = PlcStub.of(rpc);
            final Thread sampling = new Thread(() -> {
                for (int i = 1; i <= 200; i++) {
                    machine.sampled(10 * i);
                    Thread.yield();
                }
            });
            sampling.start();
            long last = 0;
            while (last < 200) {
                final long number = plc.awaitSample(last);
                assertTrue(number > last);
                last = number;
                plc.setOutput((int)(number % 16), plc.value());
            }
            assertEquals(2000, plc.output(200 % 16));
            assertEquals(Status.INVALID_ARGUMENT, assertThrows(RpcException.class, () -> plc.output(16)).status());
            assertEquals(0, agent.counters().get(0).serviceFailures().get());
        }
    }

    @Test
    void slowSubscribersGetTheNewestQuote() throws IOException {
        final Path region = folder.resolve("region");
        final MarketFeed feed = new MarketFeed();
        try (Agent agent = Agent.launch(new AgentContext().region(region).service(RpcService.of(MarketDataDispatcher.of(feed))));
            VmrpcGuest guest = VmrpcGuest.connect(new GuestContext().region(region));
            GuestRpc rpc = guest.openRpc(Waiting.sleeping());
            Subscription<Quote> quotes = MarketDataStub.of(rpc).withWindow(4).quotes("VMRP")) {
            rpc.channel().flush();
            MarketDataStub.of(rpc); // a call behind the subscription's request: the host has that now
            for (int i = 1; i <= 1000; i++) {
                feed.quoted(agent.shard(0), new Quote("VMRP", i, i - 0.5, i + 0.5, Condition.OPEN));
                feed.quoted(agent.shard(0), new Quote("OTHR", i, 1, 2, Condition.HALTED));
            }
            long last = 0;
            int count = 0;
            while (last < 1000) {
                final Quote quote = quotes.next();
                assertTrue(quote.sequence() > last, quote + " after " + last);
                last = quote.sequence();
                count++;
            }
            assertTrue(count >= 4, "count=" + count);
        }
    }
}
