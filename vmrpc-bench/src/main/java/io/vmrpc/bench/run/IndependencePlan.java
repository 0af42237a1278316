package io.vmrpc.bench.run;

/**
 * How much of the independence of VMs is measured.
 *
 * @param turns repetitions of each point
 * @param seconds of a window
 * @param megabytes of each VM's region, if the machine has that much
 */
public record IndependencePlan(int turns, double seconds, int megabytes) {
    /** Done in two and a half minutes. */
    public static final IndependencePlan QUICK = new IndependencePlan(3, 0.6, 128);
    /** Done in a quarter of an hour. An emulated CPU takes half a minute to fill 1 GB, and the published stride is the same. */
    public static final IndependencePlan FULL = new IndependencePlan(5, 3, 512);
    /** The smallest that is one: for tests. */
    static final IndependencePlan SMALLEST = new IndependencePlan(1, 0.2, 64);
}
