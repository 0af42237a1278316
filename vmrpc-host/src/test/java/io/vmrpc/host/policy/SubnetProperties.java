package io.vmrpc.host.policy;

import static org.junit.jupiter.api.Assertions.*;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A subnet against its definition: the addresses whose first bits are its own. */
class SubnetProperties {
    private static byte[] bytes(final Random random, final boolean isIpv6) {
        final byte[] bytes = new byte[isIpv6 ? 16 : 4];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] cleared(final byte[] bytes, final int prefix) {
        final byte[] network = bytes.clone();
        for (int bit = prefix; bit < bytes.length * 8; bit++) {
            network[bit / 8] &= (byte)~(0x80 >> bit % 8);
        }
        return network;
    }

    private static Subnet subnet(final byte[] network, final int prefix) throws UnknownHostException {
        return Subnet.parse(InetAddress.getByAddress(network).getHostAddress() + "/" + prefix);
    }

    private static InetSocketAddress address(final byte[] bytes) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByAddress(bytes), 1);
    }

    @Property(tries = 2000)
    void coversWhatSharesItsPrefix(@ForAll final boolean isIpv6, @ForAll @IntRange(max = 128) final int bits, @ForAll final long seed) throws UnknownHostException {
        final Random random = new Random(seed);
        final int prefix = isIpv6 ? bits : bits % 33;
        final byte[] inside = bytes(random, isIpv6);
        final byte[] network = cleared(inside, prefix);
        final Subnet subnet = subnet(network, prefix);
        assertTrue(subnet.contains(address(inside)));
        assertTrue(subnet.contains(address(network)));
        final byte[] other = bytes(random, isIpv6);
        assertEquals(new BigInteger(cleared(other, prefix)).equals(new BigInteger(network)), subnet.contains(address(other)));
        if (prefix > 0) {
            final int flipped = random.nextInt(prefix);
            inside[flipped / 8] ^= (byte)(0x80 >> flipped % 8);
            assertFalse(subnet.contains(address(inside)), () -> "differs in bit " + flipped);
        }
        assertFalse(subnet.contains(address(bytes(random, !isIpv6))));
    }

    @Property(tries = 500)
    void onlySubnetsOfLoopbackMeanIt(@ForAll @IntRange(max = 32) final int prefix, @ForAll final int host) throws UnknownHostException {
        final byte[] loopback = {127, (byte)(host >> 16), (byte)(host >> 8), (byte)host};
        final Subnet subnet = subnet(cleared(loopback, prefix), prefix);
        assertTrue(subnet.contains(address(loopback)));
        assertEquals(prefix >= 8, subnet.means(InetAddress.getByAddress(loopback)));
    }
}
