package io.vmrpc.bench.report;

import static io.vmrpc.bench.report.IndependenceText.percent;
import static io.vmrpc.bench.report.IndependenceText.times;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What the rows of the independence of VMs say, in sentences. */
final class IndependenceFindings {
    /** Of the host's CPU time: more than that and a run says little. Silent VMs, peers and the runner alone make up to six of it. */
    private static final double DISTURBED_PERCENT = 10;
    private static final List<String> MAIN = List.of(IndependenceVariants.MIX, IndependenceVariants.STRIDE,
        IndependenceVariants.TRANSACTIONS);
    private final List<Row> rows;
    private final List<String> sentences = new ArrayList<>();

    IndependenceFindings(final List<Row> rows) {
        this.rows = rows;
    }

    List<String> all() {
        MAIN.forEach(program -> point(program, IndependenceVariants.VM_ALONE, 1).ifPresent(this::independence));
        MAIN.forEach(this::loss);
        MAIN.forEach(this::lateness);
        disturbance();
        return sentences;
    }

    private void independence(final IndependencePoint one) {
        final int fitting = Math.min(IndependenceTables.MOST_VMS, one.cpus());
        final StringBuilder text = new StringBuilder(one.program()).append(": ");
        for (int count = 2; count <= IndependenceTables.MOST_VMS; count++) {
            final Optional<IndependencePoint> point = point(one.program(), IndependenceVariants.VM_ALONE, count);
            if (point.isPresent() && count <= fitting) {
                text.append(count).append(" VMs with a CPU each keep ").append(percent(point.get().speed(one)))
                    .append(" of the speed of one").append(ownLimit(one, count)).append("; ");
            } else if (point.isPresent()) {
                text.append(count).append(" VMs share ").append(one.cpus()).append(" CPUs, so each keeps ")
                    .append(percent(point.get().speed(one)))
                    .append(" and all together are ")
                    .append(times(point.get().together(one))).append(" times as fast as one, ").append(percent(point.get().perCpu(one)))
                    .append(" for each CPU; ");
            }
        }
        sentences.add(text + "published, on other hardware with two CPUs for each VM: a swing of "
            + percent(IndependencePublished.of(one.bench()).swing()) + ".");
    }

    private String ownLimit(final IndependencePoint one, final int count) {
        final Optional<IndependencePoint> alone = point(one.program(), IndependenceVariants.PROCESS, 1);
        final Optional<IndependencePoint> several = point(one.program(), IndependenceVariants.PROCESS, count);
        return alone.isEmpty() || several.isEmpty() ? "" : " (as many processes without VMs: " + percent(several.get().speed(alone.get()))
            + ")";
    }

    private void loss(final String program) {
        point(program, IndependenceVariants.VM_ALONE, IndependenceTables.MOST_VMS).ifPresent(alone ->
            point(program, IndependenceVariants.VM_BESIDE, IndependenceTables.MOST_VMS).ifPresent(beside -> {
                final double lost = 1 - beside.speed(alone);
                sentences.add(program + ": a real-time VM whose vCPU parks costs three busy ordinary VMs " + (lost < 0
                    ? "nothing that can be measured (" + percent(lost) + ")"
                    : percent(lost)) + "; the swing between their repetitions without it is " + percent(alone.swing()) + ".");
            }));
    }

    /** Of all programs, beside a real-time VM that parks; empty if none was measured. */
    Optional<String> mostLost() {
        return MAIN.stream().flatMap(program -> point(program, IndependenceVariants.VM_ALONE, IndependenceTables.MOST_VMS).stream()
            .flatMap(alone -> point(program, IndependenceVariants.VM_BESIDE, IndependenceTables.MOST_VMS).stream().map(beside -> 1 - beside.speed(alone))))
            .max(Comparator.naturalOrder()).map(lost -> percent(Math.max(0, lost)));
    }

    private void lateness(final String program) {
        loop(IndependenceVariants.LOOP_PARKED, program).ifPresent(parked -> {
            final StringBuilder text = new StringBuilder("Control loop beside three VMs, ").append(program).append(": late by ")
                .append(late(parked)).append(" (p50, p99, most) by VM long polling");
            loop(IndependenceVariants.LOOP_GUEST, program).ifPresent(guest -> text.append("; by the guest's own timer, every thread of "
                + "the VM SCHED_FIFO, by ").append(late(guest)));
            sentences.add(text + ".");
        });
    }

    private static String late(final Row row) {
        final Figures figures = row.figures();
        return Readable.nanos(figures.p50()) + ", " + Readable.nanos(figures.p99()) + ", " + Readable.nanos(figures.max());
    }

    private Optional<Row> loop(final String variant, final String program) {
        return rows.stream().filter(row -> row.bench().equals(IndependenceVariants.REAL_TIME) && row.variant().equals(variant)
            && row.param(IndependenceVariants.PROGRAM).equals(program)).findFirst();
    }

    private void disturbance() {
        final double steal = most(IndependenceVariants.STEAL);
        final double others = rows.stream()
            .filter(row -> row.bench().equals(IndependenceVariants.CPU) || row.bench().equals(IndependenceVariants.MEMORY))
            .mapToDouble(row -> IndependencePoint.number(row, IndependenceVariants.OTHERS)).filter(Double::isFinite).max().orElse(0);
        final String what = "the machine below took away up to " + percent(steal / 100) + " of the host's CPU time, other work on the "
            + "host up to " + percent(others / 100)
            + " while CPU and memory were measured";
        sentences.add(steal > DISTURBED_PERCENT || others > DISTURBED_PERCENT ? "Disturbed: " + what
            + "; repeat the run on a quiet machine before it is relied upon."
            : "Not disturbed: " + what + ".");
    }

    private double most(final String param) {
        return rows.stream().filter(row -> !row.param(param).isEmpty()).mapToDouble(row -> IndependencePoint.number(row, param)).max()
            .orElse(0);
    }

    private Optional<IndependencePoint> point(final String program, final String variant, final int vms) {
        return IndependencePoint.of(rows, program, variant, vms);
    }
}
