package io.vmrpc.bench.run;

import static io.vmrpc.bench.report.AlternativeVariants.ANY;
import static io.vmrpc.bench.report.AlternativeVariants.C;
import static io.vmrpc.bench.report.AlternativeVariants.JAVA;
import static io.vmrpc.bench.report.AlternativeVariants.LAYERED;
import static io.vmrpc.bench.report.AlternativeVariants.PARKS;
import static io.vmrpc.bench.report.AlternativeVariants.POLLS;
import static io.vmrpc.bench.report.AlternativeVariants.SLEEPS;

import io.vmrpc.bench.report.AlternativeVariants;
import io.vmrpc.bench.report.Variants;
import io.vmrpc.bench.worker.Job;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One way to do the control loop.
 *
 * @param variant of its rows.
 * @param host how the host schedules the VM's threads.
 * @param pinned the CPU that the program is pinned to.
 * @param priority of the program, SCHED_FIFO; 0: ordinary.
 * @param waiting how it waits.
 * @param language of the program.
 */
record Alternative(String variant, String host, String pinned, int priority, String waiting, String language) {
    private static final String ORDINARY_CPU = "0";
    /** Below the worker's, which shares the CPU with a program that may never sleep, and has to say that it began. */
    private static final int PRIORITY = Scheduling.PRIORITY - 1;
    private static final String ISOLATED_CPU = Integer.toString(VmSide.RT_CPU);
    static final Alternative CONTAINER = new Alternative(AlternativeVariants.CONTAINER, AlternativeVariants.NO_QEMU,
        Integer.toString(Scheduling.REAL_TIME_CPU), PRIORITY, SLEEPS, C);
    static final Alternative TUNED_JAVA =
        new Alternative(AlternativeVariants.GUEST_TUNED_JAVA, LAYERED, ISOLATED_CPU, Scheduling.PRIORITY, SLEEPS, JAVA);
    static final Alternative OURS =
        new Alternative(AlternativeVariants.VMRPC_PARKED, Variants.VCPU_FIFO, ISOLATED_CPU, Scheduling.PRIORITY, PARKS, JAVA);
    /** In a guest of which one CPU is isolated; in that order they take turns. */
    static final List<Alternative> IN_TUNED_GUEST = List.of(
        new Alternative(AlternativeVariants.GUEST_PLAIN, Variants.UNTOUCHED, ORDINARY_CPU, 0, SLEEPS, C),
        new Alternative(AlternativeVariants.GUEST_FIFO, Variants.UNTOUCHED, ORDINARY_CPU, PRIORITY, SLEEPS, C),
        new Alternative(AlternativeVariants.GUEST_TUNED, LAYERED, ISOLATED_CPU, PRIORITY, SLEEPS, C),
        TUNED_JAVA,
        new Alternative(AlternativeVariants.GUEST_POLLING, LAYERED, ISOLATED_CPU, PRIORITY, POLLS, C),
        OURS);
    /** In one that comes as it is. */
    static final List<Alternative> IN_UNTUNED_GUEST = List.of(
        new Alternative(AlternativeVariants.GUEST_PLAIN, Variants.UNTOUCHED, ANY, 0, SLEEPS, C),
        new Alternative(AlternativeVariants.GUEST_FIFO, Variants.UNTOUCHED, ANY, PRIORITY, SLEEPS, C),
        new Alternative(AlternativeVariants.GUEST_POLLING, LAYERED, ISOLATED_CPU, PRIORITY, POLLS, C));

    boolean isOurs() {
        return waiting.equals(PARKS);
    }

    /** The job; a kernel's name if it is in a guest. */
    Job job(final String peer, final int cycles, final int warmUp, final long periodNs, final String kernel) {
        final Map<String, String> params = new HashMap<>(Map.of(AlternativeVariants.PINNED, pinned,
            AlternativeVariants.PRIORITY, Integer.toString(priority), AlternativeVariants.WAIT, waiting, AlternativeVariants.LANGUAGE, language, Variants.PERIOD, Plan.text(periodNs)));
        if (!kernel.isEmpty()) {
            params.put(AlternativeVariants.KERNEL, kernel);
        }
        return new Job(AlternativeVariants.ALTERNATIVES, variant, cycles, warmUp, periodNs, 0, peer, NetPeer.BUSY_PORT, params);
    }
}
