package io.vmrpc.bench.report;

/**
 * What is done over the network, and who measured it.
 *
 * @param tool what the variants begin with, for example {@link Variants#SOCKPERF_PREFIX}; empty if we did
 * @param name {@code udp}, {@code tcp-rr}, {@code tcp-bulk} or {@code tcp-cpu}
 */
record NetProgram(String tool, String name) {

    static NetProgram of(final Scenario scenario) {
        return ofVariant(scenario.program());
    }

    /** Also of a variant whose way has been left out. */
    static NetProgram ofVariant(final String variant) {
        for (final String tool : new String[] {Variants.SOCKPERF_PREFIX, Variants.QPERF_PREFIX}) {
            if (variant.startsWith(tool)) {
                return new NetProgram(tool, withoutWay(variant.substring(tool.length())));
            }
        }
        return new NetProgram("", withoutWay(variant));
    }

    private static String withoutWay(final String variant) {
        return variant.replaceFirst("^(" + Variants.VMRPC_PREFIX + "|" + Variants.VIRTIO_NET_PREFIX + "|" + Variants.HOST_PREFIX + "|"
            + Variants.LIMIT_PREFIX + ")", "");
    }

    /** The variant of one way, for example {@link Variants#VMRPC_PREFIX}. */
    String by(final String way) {
        return tool + way + name;
    }

    /** Whether samples are bytes per second of time. */
    boolean isStream() {
        return by(Variants.VMRPC_PREFIX).equals(Variants.VMRPC_TCP_BULK);
    }

    /** Whether samples are bytes per second of CPU time. */
    boolean isCost() {
        return by(Variants.VMRPC_PREFIX).equals(Variants.VMRPC_TCP_CPU);
    }

    boolean isRate() {
        return isStream() || isCost();
    }

    /** Whether only means are known. */
    boolean isMeanOnly() {
        return tool.equals(Variants.QPERF_PREFIX);
    }

    /** What is done, in words. */
    String words() {
        return switch (name) {
            case "udp" -> "UDP echo";
            case "tcp-rr" -> "TCP request";
            case "tcp-bulk", "tcp-cpu" -> "TCP stream";
            default -> name;
        };
    }

    /** Who measured, as words that follow; empty if we did. */
    String toolWords() {
        return tool.isEmpty() ? "" : ", " + tool.substring(0, tool.length() - 1);
    }

    @Override
    public String toString() {
        return tool + name;
    }
}
