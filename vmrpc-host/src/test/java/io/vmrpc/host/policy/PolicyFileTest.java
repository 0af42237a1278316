package io.vmrpc.host.policy;

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A policy file means what it says, or is refused with the place of what is wrong. */
class PolicyFileTest {
    private static final Path PLC = Path.of("/dev/shm/vmrpc-plc");
    private static final String COMPLETE = """
        guests:
          - region: /dev/shm/vmrpc-plc
            limits:
              sockets: 32
              buffer: 64KiB
              bytes-per-second: 100MB
              packets-per-second: 50000
            rules:
              - name: not-the-gateway
                action: deny
                direction: outbound
                protocol: [udp, tcp]
                addresses: [10.0.0.1]
              - name: control-bus
                direction: outbound
                protocol: [udp]
                addresses: [10.0.0.0/8, "fd00::/8", 239.1.0.0/16]
                ports: [5000-5100, 80]
              - name: visitors
                action: allow
                direction: inbound
                protocol: [tcp]
                addresses: ["0.0.0.0"]
                ports: [0, 8080]
                peers:
                  - 10.0.0.0/8
              - name: app-socket
                direction: outbound
                paths: ["/run/app/*.sock"]
          - region: /dev/shm/vmrpc-*
        """;

    @TempDir
    Path folder;

    private Path file(final String text) throws IOException {
        return Files.writeString(folder.resolve("policy.yaml"), text);
    }

    private static InetSocketAddress at(final String host, final int port) {
        return new InetSocketAddress(host, port);
    }

    private static void verdict(final boolean isAllowed, final String rule, final Verdict verdict) {
        assertEquals(new Verdict(isAllowed, rule), verdict);
    }

    @Test
    void everyKeyCounts() throws IOException {
        final GuestPolicy plc = Policy.load(file(COMPLETE)).forRegion(PLC);
        assertEquals(new Limits(32, 64 << 10, 100_000_000, 50_000), plc.limits());
        verdict(false, "not-the-gateway", plc.outbound(Transport.UDP, at("10.0.0.1", 80)));
        verdict(true, "control-bus", plc.outbound(Transport.UDP, at("10.0.0.2", 80)));
        verdict(true, "control-bus", plc.outbound(Transport.UDP, at("fd00::1", 5100)));
        verdict(true, "control-bus", plc.outbound(Transport.UDP, at("239.1.2.3", 5000)));
        verdict(false, "default", plc.outbound(Transport.UDP, at("10.0.0.2", 5101)));
        verdict(false, "default", plc.outbound(Transport.TCP, at("10.0.0.2", 80)));
        verdict(true, "visitors", plc.inbound(Transport.TCP, at("0.0.0.0", 0)));
        verdict(true, "visitors", plc.peer(at("0.0.0.0", 8080), at("10.9.9.9", 40_000)));
        verdict(false, "default", plc.peer(at("0.0.0.0", 8080), at("11.9.9.9", 40_000)));
        verdict(true, "app-socket", plc.outbound(Transport.UNIX, UnixDomainSocketAddress.of("/run/app/a.sock")));
        assertTrue(plc.permitsLookup());
        assertEquals(4, plc.ruleCount());
    }

    @Test
    void whatIsLeftOutHasItsDefault() throws IOException {
        final Policy policy = Policy.load(file(COMPLETE));
        final GuestPolicy other = policy.forRegion(Path.of("/dev/shm/vmrpc-other"));
        assertEquals(Limits.DEFAULT, other.limits());
        assertEquals(0, other.ruleCount());
        assertTrue(policy.hasGuest(Path.of("/dev/shm/vmrpc-other")));
        assertFalse(policy.hasGuest(Path.of("/dev/shm/a/vmrpc-other")), "* ends at a /");
        assertSame(GuestPolicy.closed(), policy.forRegion(Path.of("/dev/shm/foreign")));
        assertEquals(2, policy.guestCount());
    }

    @Test
    void aNamedRegionComesBeforeGlobs() throws IOException {
        final Policy policy = Policy.load(file("""
            guests:
              - region: /dev/shm/*
                limits: {sockets: 1}
              - region: /dev/shm/vmrpc-*
                limits: {sockets: 2}
              - region: /dev/shm/vmrpc-plc
                limits: {sockets: 3}
            """));
        assertEquals(3, policy.forRegion(PLC).limits().sockets());
        assertEquals(3, policy.forRegion(Path.of("/dev/shm/x/../vmrpc-plc")).limits().sockets());
        assertEquals(1, policy.forRegion(Path.of("/dev/shm/vmrpc-b")).limits().sockets(), "the first glob that fits");
    }

    @Test
    void theExampleOfTheDocumentsIsValid() throws IOException {
        final String operations = Files.readString(Path.of("../docs/operations.md"));
        final Matcher example = Pattern.compile("```yaml\n(guests:.*?)```", Pattern.DOTALL).matcher(operations);
        assertTrue(example.find());
        final GuestPolicy plc = Policy.load(file(example.group(1))).forRegion(PLC);
        verdict(true, "control-bus", plc.outbound(Transport.UDP, at("10.1.0.7", 5000)));
        verdict(false, "not-this-host", plc.outbound(Transport.UDP, at("10.0.0.2", 5000)));
        verdict(true, "status-page", plc.peer(at("0.0.0.0", 8080), at("10.1.0.7", 40_000)));
        verdict(true, "local-broker", plc.outbound(Transport.TCP, at("127.0.0.1", 1883)));
        verdict(true, "groups", plc.join(at("239.1.0.1", 0)));
        verdict(true, "app-socket", plc.outbound(Transport.UNIX, UnixDomainSocketAddress.of("/run/app/data.sock")));
    }

    @Test
    void noGuestsIsAPolicyToo() throws IOException {
        assertEquals(0, Policy.load(file("guests: []\n")).guestCount());
    }

    /** Each case changes one thing of the complete file: what, into what, the line, the path, what is said. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "rules:|rulez:|8|guests[0].rulez|unknown key; what may stand here is region, limits, rules",
        "addresses: [10.0.0.1]|adresses: [10.0.0.1]|13|guests[0].rules[0].adresses|unknown key",
        "sockets: 32|socket: 32|4|guests[0].limits.socket|unknown key",
        "sockets: 32|sockets: 0|4|guests[0].limits.sockets|'0' is out of range: give 1 to 65536",
        "sockets: 32|sockets: 3k|4|guests[0].limits.sockets|must be a whole number from 1",
        "sockets: 32|sockets: 0x20|4|guests[0].limits.sockets|must be a whole number from 1",
        "sockets: 32|sockets: [32]|4|guests[0].limits.sockets|must be a single value",
        "sockets: 32|sockets:|4|guests[0].limits.sockets|has no value",
        "buffer: 64KiB|buffer: 64Kib|5|guests[0].limits.buffer|one of kB, MB, GB, KiB, MiB, GiB",
        "buffer: 64KiB|buffer: 1|5|guests[0].limits.buffer|'1' is out of range: give 4096 to 1073741824",
        "buffer: 64KiB|buffer: 999999999999999999GiB|5|guests[0].limits.buffer|out of range",
        "bytes-per-second: 100MB|bytes-per-second: 1.5MB|6|guests[0].limits.bytes-per-second|must be a whole number of bytes",
        "bytes-per-second: 100MB|bytes-per-second: -1|6|guests[0].limits.bytes-per-second|must be a whole number of bytes",
        "packets-per-second: 50000|packets-per-second: 50kB|7|guests[0].limits.packets-per-second|must be a whole number from",
        "region: /dev/shm/vmrpc-plc|region: dev/shm/vmrpc-plc|2|guests[0].region|must be an absolute path",
        "region: /dev/shm/vmrpc-plc|region: /dev/shm/../vmrpc-plc|2|guests[0].region|must be an absolute path",
        "region: /dev/shm/vmrpc-plc|region: /dev/shm/vmrpc-[a|2|guests[0].region|is no glob",
        "region: /dev/shm/vmrpc-plc|region: /dev/shm/vmrpc-*|30|guests[1].region|has an entry already",
        "- region: /dev/shm/vmrpc-plc|-|3|guests[0]|has no 'region': add it",
        "name: control-bus|name: visitors|19|guests[0].rules[2].name|is the name of an earlier rule",
        "name: control-bus|name: default|14|guests[0].rules[1].name|decides when no rule matches",
        "name: control-bus|name: ''|14|guests[0].rules[1].name|a name of 1 to 64 characters",
        "name: control-bus|name: ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc|14|guests[0].rules[1].name|a name of 1 to 64 characters",
        "name: control-bus|name: \"a\\nb\"|14|guests[0].rules[1].name|'a?b' must be a name",
        "name: control-bus|name: &n control-bus|19|guests[0].rules[2].name|aliases are not taken",
        "action: deny|action: drop|10|guests[0].rules[0].action|'drop' must be allow or deny",
        "action: deny|action: deny, allow|10|guests[0].rules[0].action|must be allow or deny",
        "direction: inbound|direction: in|21|guests[0].rules[2].direction|'in' must be outbound or inbound",
        "direction: inbound|direction: outbound|19|guests[0].rules[2]|has peers, which are for rules with action allow",
        "protocol: [tcp]|protocol: [tcp, udp]|19|guests[0].rules[2]|has peers, which are for rules with",
        "action: allow|action: deny|19|guests[0].rules[2]|has peers, which are for rules with",
        "protocol: [udp]|protocol: udp|16|guests[0].rules[1].protocol|must be a list",
        "protocol: [udp]|protocol: [unix]|16|guests[0].rules[1].protocol[0]|'unix' must be udp or tcp",
        "protocol: [udp]|protocol: []|16|guests[0].rules[1].protocol|is an empty list",
        "ports: [5000-5100, 80]|ports: []|18|guests[0].rules[1].ports|is an empty list",
        "ports: [5000-5100, 80]|ports:|18|guests[0].rules[1].ports|has no value",
        "5000-5100, 80|5000-5100, 65536|18|guests[0].rules[1].ports[1]|'65536' must be a port from 0 to 65535",
        "5000-5100, 80|5100-5000, 80|18|guests[0].rules[1].ports[0]|a rising range",
        "5000-5100, 80|-1, 80|18|guests[0].rules[1].ports[0]|must be a port",
        "5000-5100, 80|'', 80|18|guests[0].rules[1].ports[0]|must be a port",
        "5000-5100, 80|{80: 81}|18|guests[0].rules[1].ports[0]|must be a single value",
        "239.1.0.0/16|239.1.0.0/33|17|guests[0].rules[1].addresses[2]|has a prefix of more than 32 bits",
        "239.1.0.0/16|239.1.0.0/8|17|guests[0].rules[1].addresses[2]|has bits set beyond its prefix",
        "239.1.0.0/16|239.1|17|guests[0].rules[1].addresses[2]|must be an address of IPv4 or IPv6",
        "239.1.0.0/16|239.1.00.010|17|guests[0].rules[1].addresses[2]|write the address as 239.1.0.10",
        "239.1.0.0/16|localhost|17|guests[0].rules[1].addresses[2]|names and scopes are not taken",
        "239.1.0.0/16|\"fe80::1%eth0\"|17|guests[0].rules[1].addresses[2]|names and scopes are not taken",
        "239.1.0.0/16|\"[fe80::1]\"|17|guests[0].rules[1].addresses[2]|must be an address of IPv4 or IPv6",
        "239.1.0.0/16|\"fd00::/129\"|17|guests[0].rules[1].addresses[2]|has a prefix of more than 128 bits",
        "239.1.0.0/16|\"::ffff:10.0.0.0/104\"|17|guests[0].rules[1].addresses[2]|is an IPv4-mapped address: write it as IPv4",
        "- 10.0.0.0/8|- 10.0.0.0/|26|guests[0].rules[2].peers[0]|must be an address",
        "paths: [\"/run/app/*.sock\"]|paths: [\"app/*.sock\"]|29|guests[0].rules[3].paths[0]|must be an absolute path",
        "paths: [\"/run/app/*.sock\"]|paths: [\"/run//a.sock\"]|29|guests[0].rules[3].paths[0]|must be an absolute path",
        "paths: [\"/run/app/*.sock\"]|paths: [\"/run/./a.sock\"]|29|guests[0].rules[3].paths[0]|must be an absolute path",
        "paths: [\"/run/app/*.sock\"]|paths: [\"/run/a\\0.sock\"]|29|guests[0].rules[3].paths[0]|must be an absolute path",
        "paths: [\"/run/app/*.sock\"]|ports: [80]|27|guests[0].rules[3]|has no protocol: say udp or tcp, or give paths",
        "protocol: [udp]|paths: [/run/a]|14|guests[0].rules[1]|has paths, which take no addresses, ports or peers",
        "addresses: [10.0.0.1]|paths: [/run/a]|9|guests[0].rules[0]|has paths, which take no protocol",
        "addresses: [10.0.0.1]|ports: [80]|9|guests[0].rules[0]|has no addresses: give at least one",
        "packets-per-second: 50000|sockets: 33|7|guests[0].limits.sockets|stands here a second time",
        "guests:|guest:|1|guest|unknown key",
    })
    void whatIsWrongIsSaidWithItsPlace(final String before, final String after, final int line, final String path, final String why) throws IOException {
        String text = COMPLETE;
        if (after.contains("&n")) {
            text = text.replace("name: visitors", "name: *n");
        }
        final String broken = text.replaceFirst(Pattern.quote(before), Matcher.quoteReplacement(after));
        assertNotEquals(text, broken);
        refused(broken, "policy.yaml, line " + line + ": " + path + ": ", why);
    }

    private void refused(final String text, final String... parts) throws IOException {
        final Path file = file(text);
        final String message = assertThrows(PolicyException.class, () -> Policy.load(file)).getMessage();
        assertEquals(1, message.lines().count(), message);
        for (final String part : parts) {
            assertTrue(message.contains(part), () -> message + "\n lacks " + part);
        }
    }

    @Test
    void whatIsNoPolicyAtAllIsRefused() throws IOException {
        refused("", "policy.yaml: is empty: write 'guests: []'");
        refused("# a comment alone\n", "is empty");
        refused("guests: [\n", "policy.yaml, line 2: this is no YAML: ");
        refused("guests: []\n\tx: 1\n", "line 2: this is no YAML: ");
        refused("- a\n", "line 1: must be a mapping; its keys are guests");
        refused("{}\n", "line 1: has no 'guests': add it");
        refused("guests: []\n---\nguests: []\n", "line 3: a second document begins here");
        refused("guests: {}\n", "line 1: guests: must be a list");
        refused("guests: [a]\n", "line 1: guests[0]: must be a mapping");
    }

    @Test
    void whatCannotBeReadIsRefused() throws IOException {
        final Path absent = folder.resolve("absent.yaml");
        assertTrue(assertThrows(PolicyException.class, () -> Policy.load(absent)).getMessage().contains("absent.yaml: there is no such file"));
        assertTrue(assertThrows(PolicyException.class, () -> Policy.load(folder)).getMessage().contains("cannot be read"));
        final Path latin = Files.write(folder.resolve("latin.yaml"), "guests: [] # \u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        assertTrue(assertThrows(PolicyException.class, () -> Policy.load(latin)).getMessage().contains("it is no text in UTF-8"));
    }
}
