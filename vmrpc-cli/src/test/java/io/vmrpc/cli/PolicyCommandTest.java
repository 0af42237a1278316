package io.vmrpc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What {@code policy check} answers, in words and by its exit status. */
@Timeout(60)
class PolicyCommandTest {
    private static final String POLICY = """
        guests:
          - region: /dev/shm/vmrpc-plc
            rules:
              - name: control-bus
                direction: outbound
                protocol: [udp]
                addresses: [10.0.0.0/8, "fd00::/8"]
                ports: [5000-5100]
              - name: web
                direction: inbound
                protocol: [tcp]
                addresses: ["0.0.0.0"]
                ports: [0, 80]
                peers: [10.0.0.0/8]
              - name: no-docker
                action: deny
                direction: outbound
                paths: [/run/docker.sock]
              - name: sockets
                direction: outbound
                paths: ["/run/*.sock"]
        """;

    @TempDir
    Path folder;
    private Path file;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("policy.yaml"), POLICY);
    }

    private int check(final Path policy, final String... arguments) {
        final List<String> all = new ArrayList<>(List.of("check", policy.toString()));
        all.addAll(List.of(arguments));
        return new CommandLine(new PolicyCommand()).setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).setParameterExceptionHandler(new WrongUsage())
            .execute(all.toArray(String[]::new));
    }

    @Test
    void aValidFile() {
        assertEquals(0, check(file), err::toString);
        assertEquals(file + " is valid, guests: 1\n", out.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--outbound udp 10.0.0.1:5000|allowed by rule control-bus",
        "--outbound udp [fd00::1]:5100|allowed by rule control-bus",
        "--outbound udp [::ffff:10.0.0.1]:5100|allowed by rule control-bus",
        "--outbound udp 10.0.0.1:80|refused by rule default",
        "--outbound tcp 10.0.0.1:5000|refused by rule default",
        "--outbound unix /run/a.sock|allowed by rule sockets",
        "--outbound unix /run/docker.sock|refused by rule no-docker",
        "--inbound tcp 0.0.0.0:0|allowed by rule web",
        "--inbound udp 0.0.0.0:80|refused by rule default",
        "--inbound tcp 0.0.0.0:80 --peer 10.0.0.9|allowed by rule web",
        "--inbound tcp 0.0.0.0:80 --peer 11.0.0.9|refused by rule default",
    })
    void whichRuleDecides(final String question, final String answer) {
        final int status = check(file, ("--region /dev/shm/vmrpc-plc " + question).split(" "));
        assertEquals(answer + "\n", out.toString(), err::toString);
        assertEquals(answer.startsWith("allowed") ? 0 : 1, status);
    }

    @Test
    void aGuestThatHasNoEntry() {
        assertEquals(1, check(file, "--region", "/dev/shm/other", "--outbound", "udp", "10.0.0.1:5000"));
        assertEquals("refused by rule default: " + file + " has no guest for /dev/shm/other\n", out.toString());
    }

    @Test
    void anInvalidFile() throws IOException {
        Files.writeString(file, POLICY.replace("ports: [5000-5100]", "port: [5000-5100]"));
        assertEquals(2, check(file));
        said("policy.yaml, line 8: guests[0].rules[0].port: unknown key");
        assertEquals(2, check(folder.resolve("absent")));
    }

    private void said(final String reason) {
        assertEquals("", out.toString());
        assertEquals(1, err.toString().lines().count(), err::toString);
        assertTrue(err.toString().contains(reason), err::toString);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--outbound udp 10.0.0.1:80|ask with --region and either --outbound or --inbound",
        "--region /a|ask with --region and either --outbound or --inbound",
        "--region /a --outbound udp 10.0.0.1:80 --inbound udp 10.0.0.1:80|ask with --region and either",
        "--region /a --outbound udp|--outbound",
        "--region /a --outbound udp 10.0.0.1:80 --outbound udp 10.0.0.2:80|ask for one address at a time",
        "--region /a --outbound sctp 10.0.0.1:80|--outbound sctp 10.0.0.1:80: 'sctp' must be udp, tcp or unix",
        "--region /a --outbound udp 10.0.0.1|'10.0.0.1' must be an address with a port",
        "--region /a --outbound udp 10.0.0:80|'10.0.0' must be an address of IPv4 or IPv6",
        "--region /a --outbound udp localhost:80|'localhost:80' must be an address with a port",
        "--region /a --inbound udp [fd00::1]:65536|must be an address with a port",
        "--region /a --inbound udp 10.0.0.1:80 --peer 10.0.0.2|--peer 10.0.0.2 needs --inbound tcp",
        "--region /a --inbound tcp 10.0.0.1:80 --peer name|'name' must be an address",
        "--regoin /a|Unknown option",
    })
    void wrongUsage(final String arguments, final String reason) {
        assertEquals(2, check(file, arguments.split(" ")));
        said(reason);
    }

    @Test
    void theAgentRefusesAnInvalidFile() throws IOException {
        Files.writeString(file, "guest: []\n");
        final int status = new CommandLine(new AgentCommand()).setErr(new PrintWriter(err)).setParameterExceptionHandler(new WrongUsage())
            .execute("--region", folder.resolve("region").toString(), "--policy", file.toString());
        assertEquals(2, status);
        said("policy.yaml, line 1: guest: unknown key");
        assertTrue(Files.notExists(folder.resolve("region")));
    }
}
