package io.vmrpc.bench.report;

/**
 * How good a comparison must be.
 *
 * @param manner what the number means
 * @param number a ratio, or nanoseconds
 */
record Bound(Manner manner, double number) {

    /** What two rows are compared by, and which way is good. */
    enum Manner {
        /** Baseline / subject: large is good. */
        TIMES_FASTER("x faster", true),
        /** Baseline / subject, of what is no time to wait for: large is good. */
        TIMES_LOWER("x lower", true),
        /** Subject / baseline, of a rate: large is good. */
        TIMES_MORE("x more", true),
        /** Subject / baseline, of what shall not be much less: large is good. */
        TIMES_AS_MUCH("x as much", true),
        /** Subject / baseline: small is good. */
        TIMES_AS_LONG("x as long", false),
        /** Subject - baseline, ns: small is good, below 0 too. */
        LONGER_BY(" above", false);

        private final String words;
        private final boolean largeIsGood;

        Manner(final String words, final boolean largeIsGood) {
            this.words = words;
            this.largeIsGood = largeIsGood;
        }
    }

    static Bound faster(final double times) {
        return new Bound(Manner.TIMES_FASTER, times);
    }

    static Bound lower(final double times) {
        return new Bound(Manner.TIMES_LOWER, times);
    }

    static Bound more(final double times) {
        return new Bound(Manner.TIMES_MORE, times);
    }

    static Bound asMuch(final double times) {
        return new Bound(Manner.TIMES_AS_MUCH, times);
    }

    static Bound asLong(final double times) {
        return new Bound(Manner.TIMES_AS_LONG, times);
    }

    static Bound longerByMicros(final double us) {
        return new Bound(Manner.LONGER_BY, us * 1_000);
    }

    boolean largeIsGood() {
        return manner.largeIsGood;
    }

    boolean isReachedBy(final double measured) {
        return largeIsGood() ? measured >= number : measured <= number;
    }

    /** For example "at least 20x faster", "at most 2.5x as long", "at most 30 us above". */
    String words() {
        final double shown = manner == Manner.LONGER_BY ? number / 1_000 : number;
        final String digits = shown == Math.rint(shown) ? Long.toString((long) shown) : Double.toString(shown);
        return (largeIsGood() ? "at least " : "at most ") + digits + (manner == Manner.LONGER_BY ? " us" : "") + manner.words;
    }
}
