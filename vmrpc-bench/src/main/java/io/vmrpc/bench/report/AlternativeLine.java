package io.vmrpc.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** One way to do the control loop under one load: how late its cycles began, how long its exchanges took, what it cost. */
record AlternativeLine(Row timer, Row exchange) {
    /** Fewer samples have no 99.9th percentile but their maximum. */
    private static final long ENOUGH_FOR_P999 = 1_000;
    private static final int PERCENT = 100;
    static final String CPU = "CPU";
    static final List<String> HEADS = List.of("", "late p50", "p99", "p99.9", "max", "exchange p50", "p99", "max", CPU, "host keeps");

    /** Those that have both rows, in reading order. */
    static List<AlternativeLine> of(final List<Row> rows, final String load) {
        final List<AlternativeLine> lines = new ArrayList<>();
        for (final Row timer : rows) {
            if (timer.load().equals(load) && timer.param(AlternativeVariants.WHAT).equals(AlternativeVariants.TIMER)) {
                rows.stream().filter(row -> isExchangeOf(row, timer)).reduce((earlier, later) -> later)
                    .ifPresent(exchange -> lines.add(new AlternativeLine(timer, exchange)));
            }
        }
        lines.sort(Comparator.comparing(AlternativeLine::kernel, Comparator.comparing(kernel -> kernel.equals("cloud")))
            .thenComparing(line -> AlternativeVariants.ALL.indexOf(line.variant())));
        return lines;
    }

    private static boolean isExchangeOf(final Row row, final Row timer) {
        return row.param(AlternativeVariants.WHAT).equals(AlternativeVariants.EXCHANGE) && row.variant().equals(timer.variant())
            && row.load().equals(timer.load()) && row.param(AlternativeVariants.KERNEL).equals(timer.param(AlternativeVariants.KERNEL));
    }

    String variant() {
        return timer.variant();
    }

    String kernel() {
        return timer.param(AlternativeVariants.KERNEL);
    }

    boolean isOurs() {
        return variant().equals(AlternativeVariants.VMRPC_PARKED);
    }

    boolean polls() {
        return timer.param(AlternativeVariants.WAIT).equals(AlternativeVariants.POLLS);
    }

    /** CPU seconds in a second. */
    OptionalDouble cpu() {
        final String cpu = timer.param(AlternativeVariants.CPU);
        return cpu.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(cpu));
    }

    /** Answers that did not come. */
    long lost() {
        final String lost = timer.param(Variants.DROPPED);
        return lost.isEmpty() ? 0 : Math.round(Double.parseDouble(lost));
    }

    String words() {
        return words(variant()) + (kernel().equals("cloud") ? ", " + kernel() + " kernel" : "");
    }

    static String words(final String variant) {
        return switch (variant) {
            case AlternativeVariants.CONTAINER -> "container on the host";
            case AlternativeVariants.GUEST_PLAIN -> "guest, ordinary process";
            case AlternativeVariants.GUEST_FIFO -> "guest, SCHED_FIFO";
            case AlternativeVariants.GUEST_TUNED -> "guest, tuned";
            case AlternativeVariants.GUEST_TUNED_JAVA -> "guest, tuned, Java";
            case AlternativeVariants.GUEST_POLLING -> "guest that polls";
            case AlternativeVariants.VMRPC_PARKED -> "VM long polling, Java";
            case AlternativeVariants.GUEST_IDLE -> "guest, no loop runs";
            default -> variant;
        };
    }

    /** The cells of a table, under {@link #HEADS}. */
    List<String> cells() {
        final Figures late = timer.figures();
        final Figures trip = exchange.figures();
        return List.of(words(), Readable.nanos(late.p50()), Readable.nanos(late.p99()), tail(late), Readable.nanos(late.max()), Readable.nanos(trip.p50()),
            Readable.nanos(trip.p99()), Readable.nanos(trip.max()), percent(cpu()), share());
    }

    private static String tail(final Figures figures) {
        return figures.count() < ENOUGH_FOR_P999 ? ScenarioLines.ABSENT : Readable.nanos(figures.p999());
    }

    private String share() {
        final String share = Readable.share(timer.param(Variants.HOST_SHARE));
        return share.isEmpty() ? ScenarioLines.ABSENT : share;
    }

    /** Of one CPU. */
    static String percent(final OptionalDouble cpu) {
        return cpu.isEmpty() ? ScenarioLines.ABSENT : String.format(Locale.ROOT, "%.1f %%", PERCENT * cpu.getAsDouble());
    }
}
