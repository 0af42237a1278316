package io.vmrpc.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the cases in rows. Stateless. */
final class ResponseCases {
    /** Late without load, periodic and one-shot, as published for a period of 10 ms. */
    static final List<String> PUBLISHED_IDLE = List.of("16 us", "48 us");
    /** The same with the virtual machine loaded and packets from a peer. */
    static final List<String> PUBLISHED_LOADED = List.of("21.8 ms", "6.7 ms");
    /** Of a packet's acknowledgement, 20 processes: what most stayed within, and the worst. */
    static final String PUBLISHED_NETWORK = "most 3 ms, worst 15.864 ms";
    private static final List<String> KINDS = List.of("periodic", "oneshot");
    private static final List<String> PERIODS = List.of("10ms", "1ms");

    private ResponseCases() {
    }

    /** Handlers: one quantity, by load, period, kind and language. */
    static List<ResponseCase> timers(final List<Row> rows, final String quantity) {
        final List<ResponseCase> all = new ArrayList<>();
        for (final String load : ResponseVariants.LOADS) {
            for (final String period : PERIODS) {
                for (final String kind : KINDS) {
                    timer(rows, ResponseVariants.TIMER, List.of("longpoll-" + kind, "guest-" + kind), quantity, load, period, kind).ifPresent(all::add);
                    timer(rows, ResponseVariants.PROGRAM, List.of(Variants.SIGALRM_VMRPC, Variants.SIGALRM_GUEST), quantity, load, period, kind).ifPresent(all::add);
                }
            }
        }
        return all;
    }

    private static Optional<ResponseCase> timer(final List<Row> rows, final String bench, final List<String> variants, final String quantity, final String load,
        final String period, final String kind) {
        final List<Row> its = rows.stream().filter(row -> row.bench().equals(bench) && row.load().equals(load) && row.param(Variants.PERIOD).equals(period)
            && row.param(Variants.KIND).equals(kind) && row.param(ResponseVariants.QUANTITY).equals(quantity) && variants.contains(row.variant())).toList();
        if (its.isEmpty()) {
            return Optional.empty();
        }
        final String name = period.replace("ms", " ms") + " " + kind.replace("oneshot", "one-shot") + ", " + its.get(0).param(ResponseVariants.LANGUAGE) + ", " + words(load);
        return Optional.of(new ResponseCase(name, load, variant(its, variants.get(0)).stream().findFirst(), variant(its, variants.get(1)),
            quantity.equals(ResponseVariants.INTERVAL) && period.equals(PERIODS.get(0)) ? published(load, kind) : ""));
    }

    /** The published load is like the one with packets; there is none like that without. */
    private static String published(final String load, final String kind) {
        final int index = KINDS.indexOf(kind);
        return load.equals("none") ? PUBLISHED_IDLE.get(index) : load.equals(ResponseVariants.LOAD_NETWORK) ? PUBLISHED_LOADED.get(index) : "";
    }

    /** Exchanges: by load. */
    static List<ResponseCase> network(final List<Row> rows) {
        final List<ResponseCase> all = new ArrayList<>();
        for (final String load : ResponseVariants.LOADS) {
            final List<Row> its = rows.stream().filter(row -> row.bench().equals(ResponseVariants.NETWORK) && row.load().equals(load)).toList();
            if (!its.isEmpty()) {
                final List<Row> conventional = new ArrayList<>(variant(its, ResponseVariants.OWN_THREADS));
                conventional.addAll(variant(its, ResponseVariants.OWN_EPOLL));
                all.add(new ResponseCase("packets, " + words(load), load, variant(its, ResponseVariants.OUTSOURCED).stream().findFirst(), conventional,
                    PUBLISHED_NETWORK));
            }
        }
        return all;
    }

    static List<Row> variant(final List<Row> rows, final String variant) {
        return rows.stream().filter(row -> row.variant().equals(variant)).toList();
    }

    static String words(final String load) {
        return switch (load) {
            case "none" -> "idle";
            case Variants.LOAD_BOTH -> "loaded";
            case ResponseVariants.LOAD_NETWORK -> "loaded, packets";
            default -> load + " loaded";
        };
    }
}
