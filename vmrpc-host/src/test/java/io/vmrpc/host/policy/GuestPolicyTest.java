package io.vmrpc.host.policy;

import static io.vmrpc.host.policy.Transport.TCP;
import static io.vmrpc.host.policy.Transport.UDP;
import static io.vmrpc.host.policy.Transport.UNIX;
import static org.junit.jupiter.api.Assertions.*;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the first rule that covers an address says, and which addresses a rule covers. */
class GuestPolicyTest {
    private static GuestPolicy policy(final Rule... rules) {
        return GuestPolicy.of(Limits.DEFAULT, List.of(rules));
    }

    private static GuestPolicy outbound(final String... addresses) {
        return policy(Rule.allow("it").outbound(UDP, TCP).addresses(addresses).build());
    }

    private static GuestPolicy inbound(final String... addresses) {
        return policy(Rule.allow("it").inbound(UDP, TCP).addresses(addresses).build());
    }

    private static GuestPolicy paths(final String... paths) {
        return policy(Rule.allow("it").outbound(UNIX).paths(paths).build());
    }

    private static InetSocketAddress at(final String host) {
        return new InetSocketAddress(host, 80);
    }

    /** As the wire brings it: an IPv6 address even if it is IPv4-mapped. */
    private static InetSocketAddress mapped(final String ipv4) throws Exception {
        final byte[] bytes = new byte[16];
        bytes[10] = (byte)0xff;
        bytes[11] = (byte)0xff;
        System.arraycopy(InetAddress.getByName(ipv4).getAddress(), 0, bytes, 12, 4);
        return new InetSocketAddress(Inet6Address.getByAddress(null, bytes, -1), 80);
    }

    private static boolean reaches(final GuestPolicy policy, final SocketAddress address) {
        final boolean isAllowed = policy.outbound(TCP, address).isAllowed();
        assertEquals(isAllowed, policy.outbound(UDP, address).isAllowed());
        return isAllowed;
    }

    private static boolean binds(final GuestPolicy policy, final SocketAddress address) {
        return policy.inbound(TCP, address).isAllowed();
    }

    @Test
    void theFirstRuleDecides() {
        final GuestPolicy policy = policy(
            Rule.allow("printer").outbound(TCP).addresses("10.0.0.9").ports("631").build(),
            Rule.deny("office").outbound(TCP).addresses("10.0.0.0/24").build(),
            Rule.allow("rest").outbound(TCP).addresses("10.0.0.0/8").build());
        assertEquals(new Verdict(true, "printer"), policy.outbound(TCP, new InetSocketAddress("10.0.0.9", 631)));
        assertEquals(new Verdict(false, "office"), policy.outbound(TCP, new InetSocketAddress("10.0.0.9", 632)));
        assertEquals(new Verdict(true, "rest"), policy.outbound(TCP, at("10.0.1.9")));
        assertEquals(new Verdict(false, "default"), policy.outbound(UDP, at("10.0.1.9")));
        assertEquals(new Verdict(false, "default"), policy.inbound(TCP, at("10.0.1.9")));
        assertEquals(new Verdict(false, "default"), policy.outbound(TCP, at("11.0.1.9")));
    }

    @Test
    void closedRefusesEverything() {
        assertSame(GuestPolicy.closed(), Policy.closed().forRegion(Path.of("/dev/shm/any")));
        assertFalse(reaches(GuestPolicy.closed(), at("10.0.0.1")));
        assertFalse(binds(GuestPolicy.closed(), at("0.0.0.0")));
        assertFalse(GuestPolicy.closed().permitsLookup());
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.0/8, 10.255.255.255, true", "10.0.0.0/8, 11.0.0.0, false", "10.0.0.0/8, 9.255.255.255, false", "10.1.2.3, 10.1.2.3, true",
        "10.1.2.3, 10.1.2.2, false", "0.0.0.0/0, 8.8.8.8, true", "0.0.0.0/0, 255.255.255.255, true", "0.0.0.0/0, 2001:db8::1, false",
        "192.168.7.0/24, 192.168.7.255, true", "239.1.0.0/16, 239.1.9.9, true", "fd00::/8, fd12::1, true", "fd00::/8, fe00::1, false",
        "fd00::/8, ff02::1, false", "fd00::/8, ffff::1, false", "::/0, 2001:db8::1, true", "::/0, 8.8.8.8, false", "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false", "ff02::fb, ff02::fb, true", "ff02::/16, ff05::1, false"})
    void subnetsCoverTheirAddresses(final String subnet, final String address, final boolean isCovered) {
        assertEquals(isCovered, reaches(outbound(subnet), at(address)));
        assertEquals(isCovered, binds(inbound(subnet), at(address)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.255.0.9", "0.0.0.0", "::1", "::"})
    void theNetworkIsNotTheHostItself(final String host) throws Exception {
        final String[] everything = {"0.0.0.0/0", "::/0", "0.0.0.0/1", "64.0.0.0/2", "126.0.0.0/7", "0.0.0.0/8", "::/127", "::/64"};
        assertFalse(reaches(outbound(everything), at(host)));
        assertFalse(binds(inbound(everything), at(host)));
        assertTrue(reaches(outbound(host), at(host)), "named itself");
        assertTrue(binds(inbound(host), at(host)), "named itself");
        if (!host.contains(":")) {
            assertFalse(reaches(outbound(everything), mapped(host)));
            assertTrue(reaches(outbound(host), mapped(host)));
        }
    }

    @Test
    void loopbackIsGrantedBySubnetsWithinIt() {
        assertTrue(reaches(outbound("127.0.0.0/8"), at("127.9.9.9")));
        assertTrue(reaches(outbound("127.0.0.0/8", "::1"), at("::1")));
        assertTrue(binds(inbound("127.0.0.0/24"), at("127.0.0.7")));
        assertFalse(reaches(outbound("127.0.0.0/24"), at("127.0.1.7")));
        assertFalse(reaches(outbound("127.0.0.0/8", "::1"), at("0.0.0.0")), "a wildcard is named itself");
        assertFalse(reaches(outbound("127.0.0.0/8", "::1"), at("::")));
        assertFalse(reaches(outbound("0.0.0.0", "::"), at("127.0.0.1")));
        assertFalse(reaches(outbound("0.0.0.0", "::"), at("::1")));
    }

    @Test
    void denyTakesItsSubnetsLiterally() {
        final GuestPolicy policy = policy(Rule.deny("no").outbound(TCP).addresses("0.0.0.0/0", "::/0").build(),
            Rule.allow("it").outbound(TCP).addresses("127.0.0.1", "::1", "0.0.0.0").build());
        for (final String host : new String[] {"127.0.0.1", "::1", "0.0.0.0", "8.8.8.8"}) {
            assertEquals(new Verdict(false, "no"), policy.outbound(TCP, at(host)));
        }
    }

    @Test
    void aMappedAddressIsJudgedAsIpv4() throws Exception {
        assertTrue(reaches(outbound("10.0.0.0/8"), mapped("10.1.1.1")));
        assertFalse(reaches(outbound("::/0"), mapped("10.1.1.1")));
        final GuestPolicy policy = policy(Rule.deny("no").outbound(TCP).addresses("10.0.0.0/8").build(), Rule.allow("it").outbound(TCP).addresses("::/0").build());
        assertEquals(new Verdict(false, "no"), policy.outbound(TCP, mapped("10.1.1.1")));
    }

    @Test
    void aScopeDoesNotCount() throws Exception {
        final byte[] bytes = InetAddress.getByName("fe80::7").getAddress();
        assertTrue(reaches(outbound("fe80::/10"), new InetSocketAddress(Inet6Address.getByAddress(null, bytes, 3), 80)));
        assertTrue(reaches(outbound("fe80::7"), new InetSocketAddress(Inet6Address.getByAddress(null, bytes, 4), 80)));
        bytes[0] = 0;
        bytes[1] = 0;
        bytes[15] = 1; // ::1%3
        assertFalse(reaches(outbound("::/0"), new InetSocketAddress(Inet6Address.getByAddress(null, bytes, 3), 80)));
    }

    @Test
    void portsBoundARule() {
        final GuestPolicy policy = policy(Rule.allow("it").inbound(TCP).addresses("10.0.0.1").ports("0", "80", "5000-5100").build());
        for (final int port : new int[] {0, 80, 5000, 5100}) {
            assertTrue(binds(policy, new InetSocketAddress("10.0.0.1", port)), () -> "port " + port);
        }
        for (final int port : new int[] {1, 79, 81, 4999, 5101, 65_535}) {
            assertFalse(binds(policy, new InetSocketAddress("10.0.0.1", port)), () -> "port " + port);
        }
        assertTrue(binds(inbound("10.0.0.1"), new InetSocketAddress("10.0.0.1", 0)), "all ports include any port");
    }

    @Test
    void peersBoundWhoConnects() throws Exception {
        final GuestPolicy policy = policy(
            Rule.allow("inside").inbound(TCP).addresses("0.0.0.0", "::").ports("80").peers("10.0.0.0/8", "fd00::/8").build(),
            Rule.allow("friend").inbound(TCP).addresses("0.0.0.0").ports("80").peers("192.0.2.7").build(),
            Rule.allow("public").inbound(TCP).addresses("0.0.0.0").ports("443").build());
        assertEquals(new Verdict(true, "inside"), policy.peer(at("0.0.0.0"), at("10.1.1.1")));
        assertEquals(new Verdict(true, "inside"), policy.peer(at("::"), mapped("10.1.1.1")));
        assertEquals(new Verdict(true, "inside"), policy.peer(at("::"), at("fd00::2")));
        assertEquals(new Verdict(true, "friend"), policy.peer(at("0.0.0.0"), at("192.0.2.7")));
        assertEquals(new Verdict(false, "default"), policy.peer(at("0.0.0.0"), at("192.0.2.8")));
        assertEquals(new Verdict(false, "default"), policy.peer(at("10.0.0.1"), at("10.1.1.1")), "not what was bound");
        assertEquals(new Verdict(true, "public"), policy.peer(new InetSocketAddress("0.0.0.0", 443), at("192.0.2.8")));
        assertEquals(new Verdict(false, "default"), policy.peer(at("0.0.0.0"), null));
        assertEquals(new Verdict(true, "inside"), policy.inbound(TCP, at("0.0.0.0")), "peers do not count for bind");
    }

    @Test
    void groupsHaveNoPorts() throws Exception {
        final GuestPolicy policy = policy(
            Rule.deny("no").inbound(UDP).addresses("239.1.2.0/24").build(),
            Rule.deny("not-there").inbound(UDP).addresses("239.1.0.0/16").ports("53").build(),
            Rule.allow("tcp").inbound(TCP).addresses("239.2.0.0/16").build(),
            Rule.allow("groups").inbound(UDP).addresses("239.1.0.0/16", "ff05::/16").ports("5000").build());
        assertEquals(new Verdict(true, "groups"), policy.join(new InetSocketAddress("239.1.1.1", 0)));
        assertEquals(new Verdict(true, "groups"), policy.join(mapped("239.1.1.1")));
        assertEquals(new Verdict(true, "groups"), policy.join(at("ff05::7")));
        assertEquals(new Verdict(false, "no"), policy.join(at("239.1.2.1")));
        assertEquals(new Verdict(false, "default"), policy.join(at("239.2.1.1")));
        assertEquals(new Verdict(false, "default"), policy.join(null));
        assertFalse(policy.inbound(UDP, at("239.1.1.1")).isAllowed(), "a bind has a port");
    }

    @ParameterizedTest
    @CsvSource({"/run/app/*.sock, /run/app/a.sock, true", "/run/app/*.sock, /run/app/sub/a.sock, false", "/run/app/**, /run/app/sub/a.sock, true",
        "/run/app/a.sock, /run/app/a.sock, true", "/run/app/a.sock, /run/app/b.sock, false", "/run/app/*.sock, /run/app/../app/a.sock, false",
        "/run/**, /run/../etc/a.sock, false", "/run/**, /run/./a.sock, false", "/**, run/a.sock, false", "/**, '', false", "'/run/a?.{sock,s}', /run/ab.s, true",
        "/run/app/*.sock, /run/app//a.sock, true"})
    void pathsAreMatchedAsTheyStand(final String glob, final String path, final boolean isCovered) {
        assertEquals(isCovered, paths(glob).outbound(UNIX, UnixDomainSocketAddress.of(path)).isAllowed());
        assertFalse(paths(glob).inbound(UNIX, UnixDomainSocketAddress.of(path)).isAllowed());
    }

    @Test
    void whatDoesNotFitItsTransportIsRefused() {
        final GuestPolicy all = Policy.allowAll().forRegion(Path.of("/dev/shm/any"));
        assertFalse(all.outbound(UNIX, at("10.0.0.1")).isAllowed());
        assertFalse(all.outbound(TCP, UnixDomainSocketAddress.of("/run/a")).isAllowed());
        assertFalse(all.outbound(TCP, InetSocketAddress.createUnresolved("10.0.0.1", 80)).isAllowed());
        assertFalse(all.outbound(UDP, null).isAllowed());
        assertFalse(all.outbound(UNIX, null).isAllowed());
    }

    @Test
    void allowAllAllowsAll() {
        final GuestPolicy all = Policy.allowAll().forRegion(Path.of("/dev/shm/any"));
        for (final String host : new String[] {"127.0.0.1", "::1", "0.0.0.0", "::", "8.8.8.8", "2001:db8::1", "239.1.1.1", "255.255.255.255"}) {
            assertTrue(reaches(all, at(host)), host);
            assertTrue(binds(all, at(host)), host);
            assertTrue(all.peer(at("0.0.0.0"), at(host)).isAllowed(), host);
        }
        assertTrue(all.outbound(UNIX, UnixDomainSocketAddress.of("/run/a/b")).isAllowed());
        assertTrue(all.peer(UnixDomainSocketAddress.of("/run/a/b"), UnixDomainSocketAddress.of("")).isAllowed());
        assertTrue(all.permitsLookup());
    }

    @Test
    void lookupNeedsAnAddressToReach() {
        assertTrue(outbound("10.0.0.0/8").permitsLookup());
        assertFalse(inbound("10.0.0.0/8").permitsLookup());
        assertFalse(paths("/run/a").permitsLookup());
        assertFalse(policy(Rule.deny("no").outbound(TCP).addresses("10.0.0.0/8").build()).permitsLookup());
    }

    @Test
    void rulesThatContradictThemselvesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Rule.allow("it").outbound(TCP).build());
        assertThrows(IllegalArgumentException.class, () -> Rule.allow("it").addresses("10.0.0.1").build());
        assertThrows(IllegalArgumentException.class, () -> Rule.allow("it").outbound().addresses("10.0.0.1").build());
        assertThrows(IllegalArgumentException.class, () -> Rule.allow("it").outbound(UNIX, TCP).paths("/run/a").build());
        assertThrows(IllegalArgumentException.class, () -> Rule.allow("it").outbound(UNIX).paths("/run/a").ports("80").build());
        assertThrows(IllegalArgumentException.class, () -> Rule.allow("it").inbound(UDP).addresses("10.0.0.1").peers("10.0.0.2").build());
        assertThrows(IllegalArgumentException.class, () -> policy(Rule.allow("it").outbound(UNIX).paths("/a").build(), Rule.deny("it").outbound(UNIX).paths("/b").build()));
        assertThrows(IllegalArgumentException.class, () -> new Limits(0, 1 << 20, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new Limits(1, 1 << 20, 0, 1));
    }
}
