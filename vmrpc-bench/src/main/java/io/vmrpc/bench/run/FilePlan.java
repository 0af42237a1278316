package io.vmrpc.bench.run;

/**
 * How much of the file service is measured.
 *
 * @param samples of a row.
 * @param turns how often what is compared takes turns.
 */
public record FilePlan(int samples, int turns) {
    /** Done in some two minutes. */
    public static final FilePlan QUICK = new FilePlan(1_000, 1);
    /** Enough for p99.9. */
    public static final FilePlan FULL = new FilePlan(10_000, 2);

    /** Samples of one turn. */
    int part() {
        return samples / turns;
    }
}
