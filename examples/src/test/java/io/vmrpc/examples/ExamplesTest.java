package io.vmrpc.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoopGroup;
import io.vmrpc.guest.Channel;
import io.vmrpc.guest.GuestContext;
import io.vmrpc.guest.VcpuContext;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.guest.Waiting;
import io.vmrpc.guest.file.VmFileSystem;
import io.vmrpc.host.Agent;
import io.vmrpc.host.AgentContext;
import io.vmrpc.host.file.FileService;
import io.vmrpc.host.policy.Export;
import io.vmrpc.host.policy.GuestPolicy;
import io.vmrpc.host.policy.Policy;
import io.vmrpc.host.socket.SocketService;
import java.io.BufferedReader;
import java.io.StringReader;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The examples do what they say, with two processes where they have two. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExamplesTest {
    @TempDir
    private Path folder;

    @Test
    void theControlLoopRunsInAProcessOfItsOwn() throws Exception {
        try (Agent agent = SampleAgent.launch(folder.resolve("region"))) {
            final Process guest = LoopbackExample.guest(folder.resolve("region")).redirectErrorStream(true).start();
            try {
                final String output = new String(guest.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertEquals(0, guest.waitFor(), output);
                assertTrue(output.contains("50 cycles by loopback"), output);
                // the withheld call and the plain one of each cycle, beside the session's own
                assertTrue(agent.counters().get(0).completions().get() >= 100, agent.counters().toString());
            } finally {
                guest.destroyForcibly();
            }
        }
    }

    @Test
    void theHttpServiceCountsItsRequests() throws Exception {
        final Path region = folder.resolve("region");
        try (Agent agent = Agent.launch(new AgentContext().region(region).service(new SocketService(Policy.allowAll())));
             VmrpcGuest guest = VmrpcGuest.connect(new GuestContext().region(region))) {
            final EventLoopGroup loops = GuestHttpServer.loops(guest, new VcpuContext().priority(0).lockMemory(false));
            try {
                final int port = ((InetSocketAddress)GuestHttpServer.serve(loops, 0).localAddress()).getPort();
                final HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/")).build();
                final HttpClient client = HttpClient.newHttpClient();
                assertTrue(client.send(request, HttpResponse.BodyHandlers.ofString()).body().endsWith("request 1\n"));
                assertTrue(client.send(request, HttpResponse.BodyHandlers.ofString()).body().endsWith("request 2\n"));
                assertTrue(agent.counters().get(0).completions().get() > 0);
            } finally {
                loops.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
            }
        }
    }

    @Test
    void ticksComeInOrderUntilCancelled() throws Exception {
        final Path region = folder.resolve("region");
        try (Agent agent = SampleAgent.launch(region);
             VmrpcGuest guest = VmrpcGuest.connect(new GuestContext().region(region));
             Channel channel = guest.openChannel(Waiting.sleeping())) {
            final List<Long> ticks = Ticks.take(channel, guest.resolve("sample"), 5);
            for (int i = 1; i < ticks.size(); i++) {
                assertEquals(ticks.get(0) + i, ticks.get(i), "events in the order of the samples: " + ticks);
            }
            assertTrue(ticks.size() >= 5, ticks.toString());
            assertEquals(0, channel.outstanding());
            assertEquals(0, agent.counters().get(0).eventsLost().get());
        }
    }

    @Test
    void theLogShipperLosesNothing() throws Exception {
        final Path region = folder.resolve("region");
        final Path logs = Files.createDirectory(folder.resolve("logs"));
        final Policy policy = Policy.forAll(GuestPolicy.ofExports(Export.readWrite("logs", logs)));
        final String input = IntStream.range(0, 500).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());
        try (Agent agent = Agent.launch(new AgentContext().region(region).service(new FileService(policy)));
             VmrpcGuest guest = VmrpcGuest.connect(new GuestContext().region(region)); VmFileSystem files = guest.openFiles()) {
            assertEquals(500, LogShipper.ship(new BufferedReader(new StringReader(input)), files.getPath("/logs"), 1000));
            assertTrue(agent.counters().get(0).completions().get() > 500);
        }
        final StringBuilder shipped = new StringBuilder();
        for (int i = 0; Files.exists(logs.resolve("log-" + i)); i++) {
            shipped.append(Files.readString(logs.resolve("log-" + i)));
        }
        assertEquals(input, shipped + Files.readString(logs.resolve("current")));
    }
}
