package io.vmrpc.bench.report;

/** A ratio that the project promises. At-least ratios are "times faster", at-most ratios are "times as long". */
public enum Target {
    /** Timer lateness at the median. */
    TIMER_P50_BEST("timer p50 against the best conventional setting, guest and host loaded", Percentile.P50, true, 8),
    /** Timer lateness in the tail. */
    TIMER_P99_BEST("timer p99 against the best conventional setting, guest and host loaded", Percentile.P99, true, 3),
    /** Timer lateness against what a user has without tuning. */
    TIMER_P99_UNTOUCHED("timer p99 against the untouched guest, guest and host loaded", Percentile.P99, true, 50),
    /** Timer lateness against what the machine can do. */
    TIMER_P99_CYCLICTEST("timer p99 against the host's own cyclictest, guest and host loaded", Percentile.P99, false, 3),
    /** A park under KVM, in a futex, against what the machine can do. */
    KVM_FUTEX_CYCLICTEST("KVM timer p50, parked in a futex, against the host's own cyclictest", Percentile.P50, false, 3),
    /** A park under KVM, halted, against what the machine can do. */
    KVM_HALTED_CYCLICTEST("KVM timer p50, parked halted, against the host's own cyclictest", Percentile.P50, false, 6),
    /** A parked call against TCP at the median. */
    RPC_P50_TCP("parked call p50 against TCP over virtio-net", Percentile.P50, true, 20),
    /** A parked call against TCP in the tail. */
    RPC_P999_TCP("parked call p99.9 against TCP over virtio-net", Percentile.P999, true, 5),
    /** A spinning loopback call against C. */
    LOOPBACK_SPIN("spinning loopback call p50 against the C spin ping-pong", Percentile.P50, false, 2.5),
    /** A parked loopback call against C. */
    LOOPBACK_PARKED("parked loopback call p50 against the C futex ping-pong", Percentile.P50, false, 1.3);

    private final String words;
    private final Percentile percentile;
    private final boolean atLeast;
    private final double bound;

    Target(final String words, final Percentile percentile, final boolean atLeast, final double bound) {
        this.words = words;
        this.percentile = percentile;
        this.atLeast = atLeast;
        this.bound = bound;
    }

    /** {@return what is compared with what} */
    public String words() {
        return words;
    }

    /** {@return the percentile that is compared} */
    public Percentile percentile() {
        return percentile;
    }

    /** {@return whether the ratio must be at least the bound, otherwise at most} */
    public boolean atLeast() {
        return atLeast;
    }

    /** {@return for example "at least 20x faster" or "at most 2.5x as long"} */
    public String boundWords() {
        final String number = bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
        return atLeast ? "at least " + number + "x faster" : "at most " + number + "x as long";
    }

    /** What the ratio says, as words that follow it. */
    String tile() {
        return switch (this) {
            case TIMER_P50_BEST -> "closer to the deadline than the best conventional timer, at the median";
            case TIMER_P99_BEST -> "closer to the deadline than the best conventional timer, at p99";
            case TIMER_P99_UNTOUCHED -> "closer to the deadline than the timer of an untouched guest, at p99";
            case TIMER_P99_CYCLICTEST -> "the lateness of the host's own cyclictest, at p99";
            case RPC_P50_TCP -> "faster than TCP for a call to the host, at the median";
            default -> words;
        };
    }

    boolean isReachedBy(final double ratio) {
        return atLeast ? ratio >= bound : ratio <= bound;
    }
}
