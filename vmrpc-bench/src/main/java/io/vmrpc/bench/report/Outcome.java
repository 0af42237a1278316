package io.vmrpc.bench.report;

/** What a run says about a target. */
public enum Outcome {
    /** The ratio meets the target. */
    REACHED("reached"),
    /** The ratio misses the target. */
    NOT_REACHED("not reached"),
    /** There is a ratio, but too few samples or variants for a verdict. */
    NOT_JUDGED("not judged"),
    /** A row that the ratio needs is missing. */
    NOT_MEASURED("not measured");

    private final String words;

    Outcome(final String words) {
        this.words = words;
    }

    /** {@return the outcome in words} */
    public String words() {
        return words;
    }
}
