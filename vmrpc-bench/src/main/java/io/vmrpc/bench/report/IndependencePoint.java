package io.vmrpc.bench.report;

import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * A program in so many VMs at once: all their rows together.
 *
 * @param bench   whose unit the values have
 * @param program what ran
 * @param variant in what
 * @param vms     how many at once
 * @param cpus    that all of them had
 * @param value   mean of all VMs and repetitions
 * @param least   of them
 * @param most    of them
 * @param swing   between repetitions, each the mean of all VMs: (greatest - least) / greatest, as the published swings are computed
 * @param steal   percent
 * @param others  percent
 */
record IndependencePoint(String bench, String program, String variant, int vms, int cpus, double value, double least, double most,
    double swing, double steal, double others) {

    /** The point, if every one of its VMs has a row. */
    static Optional<IndependencePoint> of(final List<Row> all, final String program, final String variant, final int vms) {
        final List<Row> rows = all.stream().filter(row -> row.variant().equals(variant)
            && row.param(IndependenceVariants.PROGRAM).equals(program)
            && row.param(IndependenceVariants.VMS).equals(Integer.toString(vms))).toList();
        if (rows.size() != vms) {
            return Optional.empty();
        }
        return Optional.of(new IndependencePoint(rows.get(0).bench(), program, variant, vms,
            Integer.parseInt(rows.get(0).param(IndependenceVariants.CPUS)),
            mean(rows, row -> row.figures().mean()),
            rows.stream().mapToDouble(row -> number(row, IndependenceVariants.LEAST)).min().orElseThrow(),
            rows.stream().mapToDouble(row -> number(row, IndependenceVariants.MOST)).max().orElseThrow(),
            swing(number(rows.get(0), IndependenceVariants.ALL_LEAST), number(rows.get(0), IndependenceVariants.ALL_MOST)),
            mean(rows, row -> number(row, IndependenceVariants.STEAL)), mean(rows, row -> number(row, IndependenceVariants.OTHERS))));
    }

    private static double mean(final List<Row> rows, final ToDoubleFunction<Row> of) {
        return rows.stream().mapToDouble(of).average().orElseThrow();
    }

    /** NaN if the row does not have it. */
    static double number(final Row row, final String name) {
        return row.param(name).isEmpty() ? Double.NaN : Double.parseDouble(row.param(name));
    }

    /** Whether a smaller value is a faster VM: it is a time. */
    boolean isTime() {
        return bench.equals(IndependenceVariants.MEMORY);
    }

    /** How fast each VM is, in speeds of another point. */
    double speed(final IndependencePoint one) {
        return isTime() ? one.value / value : value / one.value;
    }

    /** How fast all of them are together. */
    double together(final IndependencePoint one) {
        return vms * speed(one);
    }

    /** The same for each CPU that they had: a VM with one vCPU cannot use more than one. */
    double perCpu(final IndependencePoint one) {
        return together(one) / Math.min(vms, cpus);
    }

    /** As published: (greatest - least) / greatest of the values for one, two and three VMs. */
    static double swing(final double... values) {
        final double most = java.util.Arrays.stream(values).max().orElseThrow();
        return (most - java.util.Arrays.stream(values).min().orElseThrow()) / most;
    }
}
