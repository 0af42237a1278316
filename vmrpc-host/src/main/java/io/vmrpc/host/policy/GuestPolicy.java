package io.vmrpc.host.policy;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What one guest may reach: rules, of which the first that covers an address decides, limits, and exported folders. Immutable and thread-safe.
 *
 * <p>An IPv4-mapped IPv6 address is judged as IPv4; a scope does not count. Loopback is granted only by an allow rule whose subnet lies
 * within loopback, a wildcard (0.0.0.0, ::; as destination Linux takes it for loopback) only by one that lists that very address. A
 * multicast group or a broadcast address is an address like others. What is unresolved, of the wrong kind for its transport, or a path
 * that is relative or has {@code .} or {@code ..} in it, no rule covers.
 */
public final class GuestPolicy {
    private static final GuestPolicy CLOSED = of(Limits.DEFAULT, List.of());
    private final Limits limits;
    private final List<Rule> rules;
    private final List<Export> exports;
    private final boolean permitsLookup;

    private GuestPolicy(final Limits limits, final List<Rule> rules, final List<Export> exports) {
        this.limits = limits;
        this.rules = List.copyOf(rules);
        this.exports = List.copyOf(exports);
        permitsLookup = rules.stream().anyMatch(Rule::reachesAddresses);
    }

    /**
     * A policy of these rules.
     *
     * @param limits of the guest.
     * @param rules in their order, with different names.
     * @return the policy.
     */
    public static GuestPolicy of(final Limits limits, final List<Rule> rules) {
        return of(limits, rules, List.of());
    }

    /**
     * A policy of rules for the network and of folders.
     *
     * @param limits of the guest.
     * @param rules in their order, with different names.
     * @param exports folders of the host that the guest may use, with different names.
     * @return the policy.
     */
    public static GuestPolicy of(final Limits limits, final List<Rule> rules, final List<Export> exports) {
        requireDifferent("rule", rules.stream().map(Rule::name).toList());
        requireDifferent("export", exports.stream().map(Export::name).toList());
        return new GuestPolicy(limits, rules, exports);
    }

    private static void requireDifferent(final String what, final List<String> names) {
        final Set<String> seen = new HashSet<>();
        for (final String name : names) {
            if (!seen.add(name)) {
                throw new IllegalArgumentException(what + " '" + name + "' is there twice: give each a name of its own");
            }
        }
    }

    /**
     * A policy of folders alone.
     *
     * @param exports folders of the host that the guest may use, with different names.
     * @return the policy; no address can be reached.
     */
    public static GuestPolicy ofExports(final Export... exports) {
        return of(Limits.DEFAULT, List.of(), List.of(exports));
    }

    /**
     * A policy that refuses everything.
     *
     * @return with {@link Limits#DEFAULT}.
     */
    public static GuestPolicy closed() {
        return CLOSED;
    }

    /**
     * How much the guest may use.
     *
     * @return limits.
     */
    public Limits limits() {
        return limits;
    }

    /**
     * Folders that the guest may use.
     *
     * @return in their order.
     */
    public List<Export> exports() {
        return exports;
    }

    /**
     * How many rules there are.
     *
     * @return 0 or more.
     */
    public int ruleCount() {
        return rules.size();
    }

    /**
     * Whether the guest may ask for the addresses of a name.
     *
     * @return true if a rule lets it reach addresses at all.
     */
    public boolean permitsLookup() {
        return permitsLookup;
    }

    /**
     * Whether the guest may connect or send.
     *
     * @param transport of the socket.
     * @param address it wants to reach, of IPv4, IPv6 or a Unix socket.
     * @return what the first rule that covers it says.
     */
    public Verdict outbound(final Transport transport, final SocketAddress address) {
        return judge(Direction.OUTBOUND, transport, address);
    }

    /**
     * Whether the guest may bind or listen.
     *
     * @param transport of the socket.
     * @param address as it is asked for, also by the listen that follows a bind: with port 0 if the system shall choose one.
     * @return what the first rule that covers it says.
     */
    public Verdict inbound(final Transport transport, final SocketAddress address) {
        return judge(Direction.INBOUND, transport, address);
    }

    /**
     * Whether the guest may join a multicast group. Ports do not count, since a membership has none: an allow rule covers it with any, a deny
     * rule only without.
     *
     * @param group of IPv4 or IPv6.
     * @return what the first inbound rule of UDP that covers it says.
     */
    public Verdict join(final SocketAddress group) {
        if (isResolved(group)) {
            final InetSocketAddress plain = Subnet.plain((InetSocketAddress)group);
            for (final Rule rule : rules) {
                if (rule.coversGroup(plain)) {
                    return rule.verdict();
                }
            }
        }
        return Verdict.NO_MATCH;
    }

    /**
     * Whether somebody may connect to what the guest listens to.
     *
     * @param local what {@link #inbound} was asked for, not what getsockname(2) says of listener or connection: a wildcard and port 0 stay.
     * @param peer who connects; of no meaning for a Unix socket.
     * @return what the first rule that covers both says.
     */
    public Verdict peer(final SocketAddress local, final SocketAddress peer) {
        if (local instanceof UnixDomainSocketAddress) {
            return inbound(Transport.UNIX, local);
        }
        if (isResolved(local) && isResolved(peer)) {
            final InetSocketAddress plainLocal = Subnet.plain((InetSocketAddress)local);
            final InetSocketAddress plainPeer = Subnet.plain((InetSocketAddress)peer);
            for (final Rule rule : rules) {
                if (rule.covers(Direction.INBOUND, Transport.TCP, plainLocal) && rule.coversPeer(plainPeer)) {
                    return rule.verdict();
                }
            }
        }
        return Verdict.NO_MATCH;
    }

    private Verdict judge(final Direction direction, final Transport transport, final SocketAddress address) {
        if (transport == Transport.UNIX) {
            return address instanceof UnixDomainSocketAddress unix ? judge(direction, unix.getPath()) : Verdict.NO_MATCH;
        }
        if (isResolved(address)) {
            final InetSocketAddress plain = Subnet.plain((InetSocketAddress)address);
            for (final Rule rule : rules) {
                if (rule.covers(direction, transport, plain)) {
                    return rule.verdict();
                }
            }
        }
        return Verdict.NO_MATCH;
    }

    private Verdict judge(final Direction direction, final Path path) {
        if (PathGlob.isProper(path)) {
            for (final Rule rule : rules) {
                if (rule.covers(direction, path)) {
                    return rule.verdict();
                }
            }
        }
        return Verdict.NO_MATCH;
    }

    private static boolean isResolved(final SocketAddress address) {
        return address instanceof InetSocketAddress internet && !internet.isUnresolved();
    }
}
