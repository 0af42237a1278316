package io.vmrpc.host.policy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Makes a {@link Rule}. Fluent; not thread-safe. What it is given wrong is an {@link IllegalArgumentException} that says what to give. */
public final class RuleBuilder {
    private static final Pattern NAME = Pattern.compile("\\P{Cntrl}{1,64}", Pattern.UNICODE_CHARACTER_CLASS);
    private final String name;
    private final boolean isAllow;
    private final Set<Transport> transports = EnumSet.noneOf(Transport.class);
    private final List<Subnet> addresses = new ArrayList<>();
    private final List<PortRange> ports = new ArrayList<>();
    private final List<Subnet> peers = new ArrayList<>();
    private final List<PathGlob> paths = new ArrayList<>();
    private Direction direction;

    RuleBuilder(final String name, final boolean isAllow) {
        this.name = requireName(name);
        this.isAllow = isAllow;
    }

    static String requireName(final String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name.replaceAll("\\p{Cntrl}", "?") + "' must be a name of 1 to 64 characters, without control characters");
        }
        if (name.equals(Verdict.DEFAULT_RULE)) {
            throw new IllegalArgumentException("'" + name + "' is what decides when no rule matches: give this rule another name");
        }
        return name;
    }

    /**
     * The rule is about what the guest connects or sends to.
     *
     * @param by how; either {@link Transport#UNIX} alone or the others.
     * @return this.
     */
    public RuleBuilder outbound(final Transport... by) {
        return direction(Direction.OUTBOUND).transports(by);
    }

    /**
     * The rule is about what the guest binds and listens to.
     *
     * @param by how; either {@link Transport#UNIX} alone or the others.
     * @return this.
     */
    public RuleBuilder inbound(final Transport... by) {
        return direction(Direction.INBOUND).transports(by);
    }

    RuleBuilder direction(final Direction of) {
        direction = of;
        return this;
    }

    RuleBuilder transports(final Transport... by) {
        Collections.addAll(transports, by);
        return this;
    }

    /**
     * Adds addresses.
     *
     * @param texts of addresses or subnets of IPv4 or IPv6.
     * @return this.
     */
    public RuleBuilder addresses(final String... texts) {
        for (final String text : texts) {
            addresses.add(Subnet.parse(text));
        }
        return this;
    }

    /**
     * Adds ports; without any the rule covers all.
     *
     * @param texts of ports or ranges, as in 80 or 5000-5100; 0 is the port of a bind that leaves the choice to the system.
     * @return this.
     */
    public RuleBuilder ports(final String... texts) {
        for (final String text : texts) {
            ports.add(PortRange.parse(text));
        }
        return this;
    }

    /**
     * Adds who may connect to what this rule lets the guest listen to; without any, everyone may.
     *
     * @param texts of addresses or subnets of IPv4 or IPv6; loopback is an address like others here.
     * @return this.
     */
    public RuleBuilder peers(final String... texts) {
        for (final String text : texts) {
            peers.add(Subnet.parse(text));
        }
        return this;
    }

    /**
     * Adds paths of Unix sockets.
     *
     * @param texts absolute and normalised, or globs.
     * @return this.
     */
    public RuleBuilder paths(final String... texts) {
        for (final String text : texts) {
            paths.add(PathGlob.parse(text));
        }
        return this;
    }

    /**
     * Makes the rule.
     *
     * @return the rule.
     * @throws IllegalArgumentException if its parts do not belong together.
     */
    public Rule build() {
        require(direction != null, "has no direction: say outbound or inbound");
        final boolean isUnix = transports.contains(Transport.UNIX);
        require(!transports.isEmpty(), "has no protocol: say udp or tcp, or give paths");
        if (isUnix) {
            require(transports.size() == 1, "mixes Unix sockets with udp or tcp: make two rules");
            require(!paths.isEmpty(), "has no paths: give at least one");
            require(addresses.isEmpty() && ports.isEmpty() && peers.isEmpty(), "has paths, which take no addresses, ports or peers: make two rules");
        } else {
            require(paths.isEmpty(), "has paths, which take no protocol: make two rules");
            require(!addresses.isEmpty(), "has no addresses: give at least one, for example 0.0.0.0/0, or paths");
        }
        require(peers.isEmpty() || isAllow && direction == Direction.INBOUND && transports.equals(Set.of(Transport.TCP)),
            "has peers, which are for rules with action allow, direction inbound and protocol [tcp] alone");
        return new Rule(this);
    }

    private void require(final boolean holds, final String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException("rule '" + name + "' " + otherwise);
        }
    }

    String name() {
        return name;
    }

    boolean isAllow() {
        return isAllow;
    }

    Direction direction() {
        return direction;
    }

    Set<Transport> transports() {
        return EnumSet.copyOf(transports);
    }

    List<Subnet> addresses() {
        return addresses;
    }

    List<PortRange> ports() {
        return ports;
    }

    List<Subnet> peers() {
        return peers;
    }

    List<PathGlob> paths() {
        return paths;
    }
}
