package io.vmrpc.host.policy;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * One rule of a guest: what it covers, and whether that is allowed. Immutable.
 *
 * <p>The text forms of addresses, ports and paths are those of the policy file.
 */
public final class Rule {
    private final Direction direction;
    private final Set<Transport> transports;
    private final List<Subnet> addresses;
    private final List<PortRange> ports;
    private final List<Subnet> peers;
    private final List<PathGlob> paths;
    private final Verdict verdict;

    Rule(final RuleBuilder builder) {
        direction = builder.direction();
        transports = builder.transports();
        addresses = List.copyOf(builder.addresses());
        ports = List.copyOf(builder.ports());
        peers = List.copyOf(builder.peers());
        paths = List.copyOf(builder.paths());
        verdict = new Verdict(builder.isAllow(), builder.name());
    }

    /**
     * Begins a rule that allows what it covers.
     *
     * @param name 1 to 64 characters, none of them a control character; not {@link Verdict#DEFAULT_RULE}.
     * @return to be completed and built.
     */
    public static RuleBuilder allow(final String name) {
        return new RuleBuilder(name, true);
    }

    /**
     * Begins a rule that refuses what it covers, before later rules are asked.
     *
     * @param name as for {@link #allow}.
     * @return to be completed and built.
     */
    public static RuleBuilder deny(final String name) {
        return new RuleBuilder(name, false);
    }

    /**
     * What it is called.
     *
     * @return name.
     */
    public String name() {
        return verdict.rule();
    }

    Verdict verdict() {
        return verdict;
    }

    /** {@return whether some address of the network may be reached by it} */
    boolean reachesAddresses() {
        return verdict.isAllowed() && direction == Direction.OUTBOUND && !addresses.isEmpty();
    }

    /**
     * Whether this rule decides on an address of IPv4 or IPv6.
     *
     * @param address that is {@link Subnet#plain}.
     */
    boolean covers(final Direction asked, final Transport transport, final InetSocketAddress address) {
        return direction == asked && transports.contains(transport) && coversPort(address.getPort()) && coversHost(address);
    }

    /**
     * Whether this rule decides on a membership.
     *
     * @param group that is {@link Subnet#plain}; its port is of no meaning.
     */
    boolean coversGroup(final InetSocketAddress group) {
        return direction == Direction.INBOUND && transports.contains(Transport.UDP) && (verdict.isAllowed() || ports.isEmpty()) && coversHost(group);
    }

    private boolean coversPort(final int port) {
        for (final PortRange range : ports) {
            if (range.contains(port)) {
                return true;
            }
        }
        return ports.isEmpty();
    }

    /** A deny rule takes its subnets literally; what an allow rule's do not mean, it does not grant. */
    private boolean coversHost(final InetSocketAddress address) {
        for (final Subnet subnet : addresses) {
            if (subnet.contains(address) && (!verdict.isAllowed() || subnet.means(address.getAddress()))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether this rule decides on who connects, given that it covers where to.
     *
     * @param peer that is {@link Subnet#plain}.
     */
    boolean coversPeer(final InetSocketAddress peer) {
        for (final Subnet subnet : peers) {
            if (subnet.contains(peer)) {
                return true;
            }
        }
        return peers.isEmpty();
    }

    /**
     * Whether this rule decides on a Unix socket.
     *
     * @param path that is {@link PathGlob#isProper proper}.
     */
    boolean covers(final Direction asked, final Path path) {
        if (direction == asked) {
            for (final PathGlob glob : paths) {
                if (glob.matches(path)) {
                    return true;
                }
            }
        }
        return false;
    }
}
