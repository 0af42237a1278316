package io.vmrpc.host.policy;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ports, both ends included. */
record PortRange(int from, int to) {
    private static final int MAX = 65_535;
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?");

    /** {@return of {@code 80} or {@code 5000-5100}} */
    static PortRange parse(final String text) {
        final Matcher ports = TEXT.matcher(text);
        if (ports.matches()) {
            final int from = Integer.parseInt(ports.group(1));
            final int to = ports.group(2) == null ? from : Integer.parseInt(ports.group(2));
            if (from <= to && to <= MAX) {
                return new PortRange(from, to);
            }
        }
        throw new IllegalArgumentException("'" + text + "' must be a port from 0 to " + MAX + " or a rising range of them, as in 5000-5100");
    }

    boolean contains(final int port) {
        return port >= from && port <= to;
    }
}
