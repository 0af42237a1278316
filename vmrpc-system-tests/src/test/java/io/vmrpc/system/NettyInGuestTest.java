package io.vmrpc.system;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.vmrpc.host.policy.GuestPolicy;
import io.vmrpc.host.policy.Limits;
import io.vmrpc.host.policy.Policy;
import io.vmrpc.host.policy.Rule;
import io.vmrpc.host.policy.Transport;
import io.vmrpc.system.guest.GrpcEcho;
import io.vmrpc.system.guest.NettyProgram;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import org.agrona.IoUtil;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Netty in a real guest without a network card, on one loop that parks its vCPU: HTTP/2, TLS and gRPC, as server and as client. At the other end are
 * the JDK's own HTTP client and server, and gRPC over plain NIO.
 */
@Timeout(120)
class NettyInGuestTest {
    private static final String GRPC_DONE = "calls=20 streamed=200 large=1500000";
    /** More than HTTP/2's first window and that of a socket of the host. */
    private static final int LARGE = 600_000;
    private static final InetSocketAddress LOCAL = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final EventLoopGroup NIO = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private static X509Bundle identity;
    private static Path folder;
    private static Path certificate;
    private static Path key;
    private static TestAgent agent;
    private static GuestVm vm;
    private static GuestProcess guest;
    private static Words serving;

    @BeforeAll
    @Timeout(240)
    static void boot() throws Exception {
        identity = new CertificateBuilder().ecp256().subject("CN=localhost").addSanDnsName("localhost").setIsCertificateAuthority(true).buildSelfSigned();
        folder = Files.createTempDirectory(Path.of("target"), "netty").toAbsolutePath(); // where the guest sees it
        certificate = Files.writeString(folder.resolve("certificate.pem"), identity.getCertificatePathPEM());
        key = Files.writeString(folder.resolve("key.pem"), identity.getPrivateKeyPEM());
        Path region = TestAgent.region("netty");
        agent = new TestAgent(policy(), region);
        vm = GuestVm.start(region);
        guest = vm.run(JavaCommand.line(System.getProperty("java.home"), NettyProgram.class, certificate.toString(), key.toString()));
        serving = guest.await("serving", 120);
    }

    private static Policy policy() {
        return Policy.forAll(GuestPolicy.of(Limits.DEFAULT, List.of(
            Rule.allow("clients").outbound(Transport.TCP).addresses("127.0.0.1").build(),
            Rule.allow("servers").inbound(Transport.TCP).addresses("127.0.0.1").build())));
    }

    @AfterAll
    static void end() throws Exception {
        NIO.shutdownGracefully(0, 5, TimeUnit.SECONDS);
        if (vm != null) {
            vm.close();
        }
        if (agent != null) {
            agent.close();
        }
        IoUtil.delete(folder.toFile(), true);
    }

    private static SSLContext tls() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(identity.toKeyManagerFactory().getKeyManagers(), identity.toTrustManagerFactory().getTrustManagers(), null);
        return context;
    }

    private static HttpRequest.Builder request(int number) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + serving.number("http") + "/" + number)).timeout(Duration.ofSeconds(60));
    }

    @Test
    void aForeignClientSpeaksHttp2OverTlsWithTheGuest() throws Exception {
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).sslContext(tls()).build();
        HttpResponse<String> first = client.send(request(0).build(), BodyHandlers.ofString());
        assertEquals(HttpClient.Version.HTTP_2, first.version()); // by ALPN
        List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(1, 30)
                .mapToObj(i -> client.sendAsync(request(i).POST(HttpRequest.BodyPublishers.ofString("body " + i)).build(), BodyHandlers.ofString())).toList();
        for (int i = 1; i < 30; i++) { // streams of one connection
            HttpResponse<String> answer = answers.get(i - 1).get(60, TimeUnit.SECONDS);
            assertEquals("body " + i, answer.body());
            assertEquals("/" + i, answer.headers().firstValue("path").orElse(null));
        }
        byte[] large = GrpcEcho.bytes(LARGE);
        assertArrayEquals(large, client.send(request(30).POST(HttpRequest.BodyPublishers.ofByteArray(large)).build(), BodyHandlers.ofByteArray()).body());
    }

    @Test
    void aForeignClientThatKnowsNoHttp2IsServedToo() throws Exception {
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(tls()).build();
        HttpResponse<String> answer = client.send(request(1).POST(HttpRequest.BodyPublishers.ofString("body")).build(), BodyHandlers.ofString());
        assertEquals(HttpClient.Version.HTTP_1_1, answer.version());
        assertEquals("body", answer.body());
    }

    @Test
    void grpcServesFromTheGuest() throws Exception {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", (int) serving.number("grpc")).eventLoopGroup(NIO)
                .channelType(NioSocketChannel.class).usePlaintext().build();
        try {
            assertEquals(GRPC_DONE, GrpcEcho.call(channel));
        } finally {
            channel.shutdownNow().awaitTermination(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void grpcCallsFromTheGuestOverTls() throws Exception {
        Server server = NettyServerBuilder.forAddress(LOCAL).bossEventLoopGroup(NIO).workerEventLoopGroup(NIO).channelType(NioServerSocketChannel.class)
                .sslContext(GrpcSslContexts.forServer(certificate.toFile(), key.toFile()).build())
                .addService(GrpcEcho.service()).build().start();
        try {
            assertEquals("done " + GRPC_DONE, guest.task("grpc localhost " + server.getPort(), 90).text());
        } finally {
            server.shutdownNow().awaitTermination(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void aForeignServerIsAskedByItsName() throws Exception {
        byte[] page = GrpcEcho.bytes(100_000);
        HttpsServer server = HttpsServer.create(LOCAL, 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls()));
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, page.length);
                exchange.getResponseBody().write(page);
            }
        });
        server.start();
        try {
            Words done = guest.task("fetch localhost " + server.getAddress().getPort(), 60);
            assertEquals("done status=200 bytes=" + page.length + " hash=" + Arrays.hashCode(page), done.text());
        } finally {
            server.stop(0);
        }
    }

    @Test
    void namesAreTheHosts() throws IOException, InterruptedException {
        assertEquals("done address=127.0.0.1", guest.task("resolve localhost", 30).text());
        guest.send("resolve no-such-name.invalid");
        assertTrue(guest.comes("failed java.net.UnknownHostException", 60), guest::toString);
    }

    /** One second each, the time between two breaths of the loop, if the loop were not woken, or if what it starts stayed on its CPU. */
    @Test
    void tasksReachTheLoopAndThreadsThatItStarts() throws IOException, InterruptedException {
        guest.task("threads 60", 30);
        assertTrue(guest.task("parks", 30).number("parks") > 0, "the loop never parked");
    }
}
