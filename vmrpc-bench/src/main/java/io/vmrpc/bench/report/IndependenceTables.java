package io.vmrpc.bench.report;

import static io.vmrpc.bench.report.IndependenceText.percent;
import static io.vmrpc.bench.report.IndependenceText.times;
import static io.vmrpc.bench.report.IndependenceText.value;
import static io.vmrpc.bench.report.IndependenceText.vms;

import io.vmrpc.bench.report.Chapter.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The tables of the independence of VMs. */
final class IndependenceTables {
    static final int MOST_VMS = 3;
    private static final List<String> HEADS = List.of("", "each VM", "least", "most", "speed of 1 VM", "together", "per CPU", "steal",
        "others");
    private static final String ABSENT = "-";
    private final List<Row> rows;

    IndependenceTables(final List<Row> rows) {
        this.rows = rows;
    }

    List<Table> all() {
        final List<Table> tables = new ArrayList<>();
        for (final IndependencePublished published : IndependencePublished.values()) {
            values(published).ifPresent(tables::add);
        }
        swings().ifPresent(tables::add);
        losses().ifPresent(tables::add);
        lateness().ifPresent(tables::add);
        return tables;
    }

    private Optional<Table> values(final IndependencePublished published) {
        final List<List<String>> lines = new ArrayList<>();
        for (final String program : programs(published.bench())) {
            point(program, IndependenceVariants.VM_ALONE, 1).ifPresent(one -> {
                lines(lines, program, IndependenceVariants.VM_ALONE, one);
                point(program, IndependenceVariants.VM_BESIDE, MOST_VMS).ifPresent(beside -> lines.add(line(program
                    + ", 3 VMs and a real-time VM", beside, one)));
                point(program, IndependenceVariants.VM_BESIDE_FIFO, MOST_VMS).ifPresent(beside -> lines.add(line(program
                    + ", 3 VMs and a VM all FIFO", beside, one)));
            });
            point(program, IndependenceVariants.PROCESS, 1).ifPresent(one -> lines(lines, program, IndependenceVariants.PROCESS, one));
        }
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        for (int count = 1; count <= MOST_VMS; count++) {
            final double speed = published.speed(count);
            lines.add(List.of("published, " + vms(count), value(published.bench(), published.figures()[count - 1]), ABSENT, ABSENT,
                percent(speed),
                times(count * speed), percent(speed), ABSENT, ABSENT));
        }
        return Optional.of(new Table(caption(published.bench()), HEADS, lines, note(published)));
    }

    private void lines(final List<List<String>> lines, final String program, final String variant, final IndependencePoint one) {
        for (int count = 1; count <= MOST_VMS; count++) {
            final String in = variant.equals(IndependenceVariants.PROCESS) ? count + (count == 1 ? " process" : " processes")
                + " of the host" : vms(count);
            point(program, variant, count).ifPresent(point -> lines.add(line(program + ", " + in, point, one)));
        }
    }

    private static List<String> line(final String name, final IndependencePoint point, final IndependencePoint one) {
        return List.of(name, value(point.bench(), point.value()), value(point.bench(), point.least()), value(point.bench(), point.most()),
            percent(point.speed(one)), times(point.together(one)), percent(point.perCpu(one)), percent(point.steal() / 100),
            percent(point.others() / 100));
    }

    private String caption(final String bench) {
        return switch (bench) {
            case IndependenceVariants.CPU -> "CPU: iterations, events or operations in a second, each VM";
            case IndependenceVariants.MEMORY -> "Memory: time to write one word in each page of " + megabytes()
                + " MB, each VM (less is better)";
            default -> "Network: transactions in a second, each VM with a peer of its own";
        };
    }

    private String megabytes() {
        return rows.stream().map(row -> row.param(IndependenceVariants.MEGABYTES)).filter(mb -> !mb.isEmpty()).findFirst().orElse("?");
    }

    private static String note(final IndependencePublished published) {
        return "Least and most are of all repetitions and VMs. Together: how many times the speed of one VM that is alone. Per CPU: the "
            + "same for each CPU that the VMs "
            + "had, which are no more than they have vCPUs. Steal and others: percent of the host's CPU time that the machine below took "
            + "away, and that went neither "
            + "to what is measured nor to idling (peers, the runner, other work on the machine). Published: " + published.words()
            + ", Xeon E5645, KVM, two dedicated CPUs for each VM: other hardware, compare ratios only.";
    }

    private Optional<Table> swings() {
        final List<List<String>> lines = new ArrayList<>();
        for (final String program : IndependenceVariants.PROGRAMS) {
            final List<IndependencePoint> points = points(program, IndependenceVariants.VM_ALONE);
            if (points.size() == MOST_VMS) {
                final int fitting = Math.min(MOST_VMS, points.get(0).cpus());
                lines.add(List.of(program, swing(points, MOST_VMS), fitting < 2 ? ABSENT : swing(points, fitting), percent(points.get(0)
                    .swing()),
                    host(program, MOST_VMS), host(program, fitting), percent(IndependencePublished.of(points.get(0).bench()).swing())));
            }
        }
        return lines.isEmpty() ? Optional.empty() : Optional.of(new Table("Swing between the numbers of VMs: (greatest - least) / "
            + "greatest, as published",
            List.of("", "1 to 3 VMs", "VMs with a CPU each", "1 VM, repeated", "1 to 3 processes", "with a CPU each", "published"), lines,
            "What swings less than one VM alone from one repetition to the next is not told apart from noise. The published swing is "
            + "computed from the published "
                + "figures; for the network the publication prints 9.99 %."));
    }

    private String host(final String program, final int count) {
        final List<IndependencePoint> points = points(program, IndependenceVariants.PROCESS);
        return points.size() < MOST_VMS || count < 2 ? ABSENT : swing(points, count);
    }

    private static String swing(final List<IndependencePoint> points, final int count) {
        return percent(IndependencePoint.swing(points.stream().limit(count).mapToDouble(IndependencePoint::value).toArray()));
    }

    private Optional<Table> losses() {
        final List<List<String>> lines = new ArrayList<>();
        for (final String program : IndependenceVariants.PROGRAMS) {
            point(program, IndependenceVariants.VM_ALONE, MOST_VMS).ifPresent(alone -> point(program, IndependenceVariants.VM_BESIDE,
                MOST_VMS)
                .ifPresent(beside -> lines.add(List.of(program, value(alone.bench(), alone.value()), value(alone.bench(), beside.value()),
                    percent(1 - beside.speed(alone)), point(program, IndependenceVariants.VM_BESIDE_FIFO, MOST_VMS)
                    .map(fifo -> percent(1 - fifo.speed(alone))).orElse(ABSENT),
                    percent(alone.swing())))));
        }
        return lines.isEmpty() ? Optional.empty() : Optional.of(new Table("What three ordinary VMs lose to a real-time VM whose vCPU "
            + "parks between two turns of its loop",
            List.of("", "3 VMs", "and the real-time VM", "lost", "lost to it all FIFO", "3 VMs, repeated"), lines,
            "All FIFO: the same VM without VMRPC, every thread at a real-time priority. Below zero: faster, which is noise. Repeated: "
            + "swing between repetitions (each the mean of its VMs) "
                + "of the three without it."));
    }

    private Optional<Table> lateness() {
        final List<List<String>> lines = new ArrayList<>();
        for (final Row row : rows) {
            if (row.bench().equals(IndependenceVariants.REAL_TIME)) {
                final String beside = row.param(IndependenceVariants.PROGRAM);
                final Figures late = row.figures();
                lines.add(List.of((row.variant().equals(IndependenceVariants.LOOP_PARKED) ? "VM long polling"
                    : "the guest's timer, all FIFO")
                    + (beside.equals(IndependenceVariants.NOTHING) ? ", alone" : ", beside 3 VMs: " + beside),
                    Readable.nanos(late.p50()), Readable.nanos(late.p99()), Readable.nanos(late.max()), Long.toString(late.count()),
                    percent(IndependencePoint.number(row, IndependenceVariants.SHARE) / 100)));
            }
        }
        return lines.isEmpty() ? Optional.empty() : Optional.of(new Table("Lateness of the real-time VM's control loop (10 ms) meanwhile",
            List.of("", "p50", "p99", "most", "wakes", "CPU of its VM"), lines,
            "The same program in the same VM; the vCPU's thread is SCHED_FIFO both times, with the guest's timer every thread of the VM "
            + "is. CPU of its VM: percent of one CPU, with everything else that its guest does."));
    }

    private List<String> programs(final String bench) {
        return IndependenceVariants.PROGRAMS.stream().filter(program -> rows.stream()
            .anyMatch(row -> row.bench().equals(bench) && row.param(IndependenceVariants.PROGRAM).equals(program))).toList();
    }

    private List<IndependencePoint> points(final String program, final String variant) {
        final List<IndependencePoint> points = new ArrayList<>();
        for (int count = 1; count <= MOST_VMS; count++) {
            point(program, variant, count).ifPresent(points::add);
        }
        return points;
    }

    private Optional<IndependencePoint> point(final String program, final String variant, final int vms) {
        return IndependencePoint.of(rows, program, variant, vms);
    }
}
