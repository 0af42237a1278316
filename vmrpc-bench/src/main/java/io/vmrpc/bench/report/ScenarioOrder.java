package io.vmrpc.bench.report;

import java.util.Comparator;
import java.util.List;

/** Reading order: timers before calls, guests before loopback, a guest's programs one by one, the hardest load first, short periods first. */
final class ScenarioOrder {
    static final Comparator<Scenario> AS_READ = Comparator
        .comparingInt((Scenario scenario) -> position(List.of(Variants.GUEST, Variants.TIMER, Variants.RPC, Variants.NET, Variants.FILE, PeerVariants.PEERS, Variants.EXIT), scenario.bench()))
        .thenComparing(Scenario::bench)
        .thenComparing(scenario -> scenario.vm().equals(Variants.NO_VM))
        .thenComparing(Scenario::vm)
        .thenComparingInt(scenario -> position(Variants.PROGRAMS, scenario.program()))
        .thenComparing(scenario -> scenario.isNet() && NetProgram.of(scenario).isRate())
        .thenComparingInt(scenario -> position(List.of(Variants.LOAD_BOTH, "host", "guest", "none"), scenario.load()))
        .thenComparing(Scenario::load)
        .thenComparingDouble(scenario -> nanos(scenario.period()))
        .thenComparing(Scenario::period)
        .thenComparing(scenario -> scenario.isNet() && !NetProgram.of(scenario).tool().isEmpty())
        .thenComparing(scenario -> scenario.kind().endsWith("oneshot"))
        .thenComparing(Scenario::kind)
        .thenComparingDouble(scenario -> nanos(scenario.payload()))
        .thenComparing(Scenario::payload);

    private ScenarioOrder() {
    }

    private static int position(final List<String> order, final String word) {
        final int index = order.indexOf(word);
        return index < 0 ? order.size() : index;
    }

    /** The number before a unit of time; text without one comes last. */
    private static double nanos(final String period) {
        final String digits = period.replaceFirst("^(\\d{1,15}).*$", "$1");
        if (!digits.matches("\\d{1,15}")) {
            return Double.MAX_VALUE;
        }
        final String unit = period.substring(digits.length()).strip();
        return Double.parseDouble(digits) * switch (unit) {
            case "us" -> 1e3;
            case "ms" -> 1e6;
            case "s" -> 1e9;
            default -> 1;
        };
    }
}
