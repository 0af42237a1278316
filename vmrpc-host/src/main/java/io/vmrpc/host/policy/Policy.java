package io.vmrpc.host.policy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What each guest of an agent may reach. Immutable and thread-safe.
 *
 * <p>A guest is known by its region. An entry that names the region's path comes before globs, and those are asked in their order.
 */
public final class Policy {
    private static final Policy CLOSED = of(Map.of());
    private final Map<Path, GuestPolicy> exact = new HashMap<>();
    private final List<Fitting> fitting = new ArrayList<>();

    private record Fitting(PathGlob regions, GuestPolicy policy) {}

    private Policy() {
    }

    /**
     * Reads a policy file: docs/operations.md, "What a guest may reach".
     *
     * @param file in YAML.
     * @return the policy.
     * @throws PolicyException if the file cannot be read, or not be understood completely.
     */
    public static Policy load(final Path file) throws PolicyException {
        return PolicyFile.read(file);
    }

    /**
     * A policy that refuses everything to every guest.
     *
     * @return the policy.
     */
    public static Policy closed() {
        return CLOSED;
    }

    /**
     * A policy that refuses nothing to any guest, loopback and the host's Unix sockets included: for tests and benches alone.
     *
     * @return with no bound of rates.
     */
    public static Policy allowAll() {
        final String[] all = {"0.0.0.0/0", "::/0", "127.0.0.0/8", "::1", "0.0.0.0", "::"};
        return forAll(GuestPolicy.of(new Limits(Limits.MAX_SOCKETS, 1 << 20, Limits.UNLIMITED, Limits.UNLIMITED), List.of(
            Rule.allow("all-outbound").outbound(Transport.UDP, Transport.TCP).addresses(all).build(),
            Rule.allow("all-inbound").inbound(Transport.UDP, Transport.TCP).addresses(all).build(),
            Rule.allow("all-outbound-paths").outbound(Transport.UNIX).paths("/**").build(),
            Rule.allow("all-inbound-paths").inbound(Transport.UNIX).paths("/**").build())));
    }

    /**
     * The same policy for every guest.
     *
     * @param policy of each.
     * @return the policy.
     */
    public static Policy forAll(final GuestPolicy policy) {
        return of(Map.of("/**", policy));
    }

    /**
     * Policies of guests.
     *
     * @param guests by region: an absolute path or a glob; their order is that of the map.
     * @return the policy.
     * @throws IllegalArgumentException if a region's text is neither.
     */
    public static Policy of(final Map<String, GuestPolicy> guests) {
        final Policy policy = new Policy();
        guests.forEach((region, guest) -> {
            final PathGlob regions = PathGlob.parse(region);
            if (regions.isExact()) {
                policy.exact.put(Path.of(region), guest);
            } else {
                policy.fitting.add(new Fitting(regions, guest));
            }
        });
        return policy;
    }

    /**
     * What one guest may reach.
     *
     * @param region of the guest.
     * @return its policy; if none is for it, one that refuses everything.
     */
    public GuestPolicy forRegion(final Path region) {
        final GuestPolicy found = find(region);
        return found == null ? GuestPolicy.closed() : found;
    }

    /**
     * Whether there is an entry for a guest.
     *
     * @param region of the guest.
     * @return false if {@link #forRegion} refuses everything because nothing was said.
     */
    public boolean hasGuest(final Path region) {
        return find(region) != null;
    }

    private GuestPolicy find(final Path region) {
        final Path path = region.toAbsolutePath().normalize();
        final GuestPolicy named = exact.get(path);
        if (named != null) {
            return named;
        }
        for (final Fitting candidate : fitting) {
            if (candidate.regions().matches(path)) {
                return candidate.policy();
            }
        }
        return null;
    }

    /**
     * How many entries there are.
     *
     * @return 0 or more.
     */
    public int guestCount() {
        return exact.size() + fitting.size();
    }
}
