package io.vmrpc.bench.report;

/**
 * The words of control measurements: the same short work before, between and after the parts of a run tells whether the machine stayed the
 * same.
 */
public final class ControlVariants {
    /** Bench: control measurements. */
    public static final String CONTROL = "control";
    /** How late the host's own cyclictest wakes, real-time, the machine idle. */
    public static final String WAKE_UP = "wake-up";
    /** How long a fixed piece of CPU work takes an ordinary thread. */
    public static final String WORK = "work";
    /** How much of the machine's CPU time the hypervisor below gave to others, since the last control. */
    public static final String STEAL = "steal";
    /** The unit of {@link #STEAL}. */
    public static final String PPM = "ppm of CPU time";
    /** Parameter: the how manieth control of a run, from 1. */
    public static final String NUMBER = "number";
    /** Parameter: what was measured before it; empty for the first. */
    public static final String AFTER = "after";
    /** Parameter of {@link #WORK}: the processor. */
    public static final String CPU_MODEL = "cpu.model";
    /** Parameter of {@link #WORK}: the host's kernel. */
    public static final String KERNEL = "kernel";
    /** Parameter of any row: why its part of the run is not to be trusted. */
    public static final String DISTURBED = "disturbed";

    private ControlVariants() {
    }
}
