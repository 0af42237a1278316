package io.vmrpc.bench.report;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;

/** The commands that repeat what is compared outside chapters. */
final class Repeat {
    private Repeat() {
    }

    /** Of the scenarios of one section; empty if there is no command for them. */
    static List<String> commands(final Collection<Scenario> section) {
        return section.stream().map(Repeat::command).filter(command -> !command.isEmpty())
            .collect(Collectors.toCollection(LinkedHashSet::new)).stream().toList();
    }

    private static String command(final Scenario scenario) {
        final boolean isKnown = scenario.vm().matches("none|tcg|kvm") && scenario.load().matches("none|guest|host|both");
        return !isKnown ? "" : switch (scenario.bench()) {
            case Variants.TIMER, Variants.RPC -> "./vmrpc bench " + scenario.bench() + " --vm " + scenario.vm() + " --load "
                + scenario.load();
            case Variants.EXIT -> "./vmrpc bench exit --vm " + scenario.vm();
            case Variants.GUEST, Variants.FILE -> "./vmrpc bench " + scenario.bench();
            case Variants.NET -> "./vmrpc bench net --vm " + scenario.vm();
            case PeerVariants.PEERS -> "./vmrpc bench rpc --peers";
            default -> "";
        };
    }
}
