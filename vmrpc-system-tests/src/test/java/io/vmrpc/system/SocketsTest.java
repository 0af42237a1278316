package io.vmrpc.system;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.examples.GuestHttpServer;
import io.vmrpc.examples.PacketLoop;
import io.vmrpc.filetests.Programs;
import io.vmrpc.filetests.SomeDirectoryCases;
import io.vmrpc.host.policy.Export;
import io.vmrpc.host.policy.GuestPolicy;
import io.vmrpc.host.policy.Limits;
import io.vmrpc.host.policy.Policy;
import io.vmrpc.host.policy.Rule;
import io.vmrpc.host.policy.Transport;
import io.vmrpc.natives.NativeProgram;
import io.vmrpc.vm.PeerNetwork;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agrona.IoUtil;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A real guest without a network card talks to a peer in another network namespace by its host's sockets, and the other way round; and it uses a folder of
 * its host.
 */
@Timeout(120)
class SocketsTest {
    private static final int PORT = 7000;
    private static final int GUEST_PORT = 7100;
    private static final int HTTP_PORT = 7200;
    private static PeerNetwork network;
    private static Path folder;
    private static Process peer;
    private static TestAgent agent;
    private static GuestVm vm;
    private static GuestProcess guest;

    @BeforeAll
    @Timeout(240)
    static void boot() throws Exception {
        network = PeerNetwork.create();
        folder = Files.createTempDirectory("vmrpc-sockets");
        peer = new ProcessBuilder(network.command(List.of("setpriv", "--pdeathsig", "TERM", NativeProgram.extract("vmrpc-net-peer", folder).toString(), network.peer(),
            Integer.toString(PORT)))).redirectErrorStream(true).start();
        assertEquals("ready", peer.inputReader().readLine());
        Path region = TestAgent.region("sockets");
        agent = new TestAgent(policy(), region);
        vm = GuestVm.start(region);
        guest = vm.connect();
    }

    /** Netty in the guest, asked by the JDK's client on the host. */
    private static void serves() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + network.host() + ":" + HTTP_PORT + "/")).timeout(Duration.ofSeconds(20)).build();
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        RegionView.await("the guest's HTTP service", () -> isListening(HTTP_PORT));
        for (int i = 1; i <= 20; i++) {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertEquals(200, answer.statusCode());
            assertTrue(answer.body().contains("request " + i + "\n"), answer::body);
        }
    }

    private static boolean isListening(int port) {
        try (Socket probe = new Socket(network.host(), port)) {
            return probe.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static Policy policy() {
        return Policy.forAll(GuestPolicy.of(Limits.DEFAULT, List.of(
            Rule.allow("peer").outbound(Transport.UDP, Transport.TCP).addresses(network.peer()).ports("7000-7001").build(),
            Rule.allow("status").inbound(Transport.TCP).addresses(network.host()).ports(Integer.toString(GUEST_PORT)).peers(network.peer()).build(),
            Rule.allow("datagrams").inbound(Transport.UDP).addresses(network.host()).ports(Integer.toString(GUEST_PORT)).build(),
            Rule.allow("http").inbound(Transport.TCP).addresses("0.0.0.0", "::").ports(Integer.toString(HTTP_PORT)).build()),
            List.of(Export.readWrite("data", folder))));
    }

    @AfterAll
    static void end() throws IOException {
        if (vm != null) {
            vm.close();
        }
        if (agent != null) {
            agent.close();
        }
        peer.destroyForcibly();
        network.close();
        IoUtil.delete(folder.toFile(), true);
    }

    private static Words task(String what, String address, int port, int count) throws Exception {
        Words done = guest.task("net " + what + " " + address + " " + port + " " + count, 90);
        System.out.println("SocketsTest: " + what + ": " + done);
        return done;
    }

    @Test
    void datagramsComeBackAsTheReturnOfACall() throws Exception {
        Words done = task("udp", network.peer(), PORT, 500);
        assertEquals(500, done.number("packets"));
        assertTrue(done.number("parks") > 0, "no receive parked");
    }

    @Test
    void aTimerAndAPacketAreWaitedForTogether() throws Exception {
        Words done = task("timed", network.peer(), PORT, 100);
        assertEquals(100, done.number("packets"));
        assertEquals(0, done.number("early"));
        assertTrue(done.number("parks") >= 100, done::text);
    }

    @Test
    void connectionsAreMadeAndClosed() throws Exception {
        assertEquals(100, task("tcp", network.peer(), PORT, 100).number("connections"));
    }

    @Test
    void aStreamArrivesWhole() throws Exception {
        assertEquals(256L * 65_536, task("bulk", network.peer(), PORT + 1, 256).number("bytes"));
    }

    @Test
    void aPeerConnectsToTheGuest() throws Exception {
        guest.send("net serve " + network.host() + " " + GUEST_PORT + " 2");
        guest.await("listening", 30);
        byte[] sent = "to a guest without a network card".getBytes();
        for (int i = 0; i < 2; i++) {
            assertArrayEquals(sent, exchangeFromThePeersNetwork(sent));
        }
        assertEquals(2L * sent.length, guest.await("done", 30).number("bytes"));
    }

    /** bash's /dev/tcp is a client that no one here wrote. */
    private static byte[] exchangeFromThePeersNetwork(byte[] text) throws IOException {
        Process client = new ProcessBuilder(network.command(List.of("timeout", "20", "bash", "-c", "exec 3<>/dev/tcp/$0/$1; printf %s \"$2\" >&3; head -c ${#2} <&3",
            network.host(), Integer.toString(GUEST_PORT), new String(text)))).start();
        return client.getInputStream().readAllBytes();
    }

    /** Debian's sockperf counts what it gets, and nobody here wrote it. */
    @ParameterizedTest
    @ValueSource(strings = {"udp", "tcp"})
    void sockperfMeasuresTheGuest(String kind) throws Exception {
        guest.send("net sockperf-" + kind + " " + network.host() + " " + GUEST_PORT + " 1");
        guest.await("listening", 30);
        List<String> command = new ArrayList<>(List.of("timeout", "60", "sockperf", "ping-pong", "--ip", network.host(), "--port", Integer.toString(GUEST_PORT),
            "--msg-size", "64", "--time", "2"));
        command.addAll(kind.equals("tcp") ? List.of("--tcp") : List.of("--client_port", Integer.toString(PORT + 1))); // whom the policy lets the guest answer
        Process client = new ProcessBuilder(network.command(command)).redirectErrorStream(true).start();
        String output = new String(client.getInputStream().readAllBytes());
        assertEquals(0, client.waitFor(), output);
        Words done = guest.await("done", 30);
        Matcher counted = Pattern.compile("\\[Valid Duration] .* SentMessages=(\\d+); ReceivedMessages=(\\d+)").matcher(output);
        assertTrue(counted.find(), output);
        System.out.println("SocketsTest: sockperf " + kind + ": " + counted.group() + "; the guest: " + done);
        assertEquals(counted.group(1), counted.group(2));
        assertTrue(Long.parseLong(counted.group(2)) > 20, output);
        assertTrue(done.number("served") >= Long.parseLong(counted.group(2)), done::text);
        assertTrue(output.contains("# dropped messages = 0; # duplicated messages = 0; # out-of-order messages = 0"), output);
    }

    @Test
    void whoIsNotInvitedIsNotServed() throws Exception {
        guest.send("net serve " + network.host() + " " + GUEST_PORT + " 1");
        guest.await("listening", 30);
        try (Socket stranger = new Socket(InetAddress.getByName(network.host()), GUEST_PORT)) { // from the host's own address: no peer of the rule
            stranger.setSoTimeout(20_000);
            assertEquals(-1, stranger.getInputStream().read());
        }
        assertArrayEquals(new byte[] {42}, exchangeFromThePeersNetwork(new byte[] {42}));
        guest.await("done", 30);
    }

    @Test
    void whatThePolicyDoesNotAllowIsRefused() throws Exception {
        for (String address : List.of("127.0.0.1", network.host(), "8.8.8.8")) {
            String refusal = task("refused", address, 22, 1).text();
            assertTrue(refusal.contains("policy"), refusal);
        }
    }

    private static Words files(String what) throws Exception {
        Words done = guest.task("files " + what + " data", 110);
        System.out.println("SocketsTest: files, " + what + ": " + done);
        return done;
    }

    @Test
    void lucenesCasesPassOnAFolderOfTheHost() throws Exception {
        assertEquals(SomeDirectoryCases.SOME.size(), files("lucene").number("passed"));
    }

    @Test
    void programsHaveTheSameResultsOnAFolderOfTheHost() throws Exception {
        String unpacked = files("unzip").text();
        assertTrue(unpacked.contains(Programs.digest(folder.resolve("unpacked"))), unpacked);
        files("index");
        assertTrue(Files.exists(folder.resolve("index")));
    }

    @Test
    void theExamplesRun() throws Exception {
        GuestVm other = null;
        Path region = TestAgent.region("loop"); // one guest process a region
        TestAgent second = new TestAgent(policy(), region);
        try {
            other = GuestVm.start(region);
            GuestProcess example = other.run(JavaCommand.line(System.getProperty("java.home"), PacketLoop.class, network.peer(), Integer.toString(PORT)));
            Words done = example.await("100 cycles", 60);
            System.out.println("SocketsTest: " + done);
            assertTrue(done.text().matches("100 cycles, \\d without an answer.*"), done::text); // a busy machine may take a cycle, not ten
            example.await("exit 0", 20);
            other.run(JavaCommand.line(System.getProperty("java.home"), GuestHttpServer.class, Integer.toString(HTTP_PORT)));
            serves();
        } finally {
            if (other != null) {
                other.close();
            }
            second.close();
        }
    }
}
