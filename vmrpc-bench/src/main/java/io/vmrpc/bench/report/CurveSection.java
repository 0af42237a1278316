package io.vmrpc.bench.report;

import static io.vmrpc.bench.report.Markup.text;

import io.vmrpc.bench.report.Comparison.Baseline;
import java.util.List;
import java.util.Optional;

/** The page's charts: for each scenario a card with curves, legend and the ratio that sums it up. */
final class CurveSection {
    private static final String HOW_TO_READ = "Further right is rarer: at 99 on the lower axis, one of 100 samples lies above the line."
        + " Lower is better; the side is logarithmic, too. The thick blue line is VMRPC, the grey ones are what the machine itself "
        + "can do, or what comes next to it.";
    private static final String SCHEDULINGS = " The others are the conventional way under three host schedulings: untouched, "
        + "real-time priority for the"
        + " real-time vCPU's thread (vcpu-fifo), or for all of the VM's threads (all-fifo). Host CPU: the share that an ordinary "
        + "process on the host kept meanwhile.";

    private final Summary summary;
    private final StringBuilder out = new StringBuilder();

    private CurveSection(final Summary summary) {
        this.summary = summary;
    }

    static String html(final Summary summary) {
        return summary.scenarios().isEmpty() ? "" : new CurveSection(summary).html();
    }

    private String html() {
        out.append("<section id=\"curves\">\n<h2>Latency curves</h2>\n<p>")
            .append(text(HOW_TO_READ + (summary.rows().stream().anyMatch(Variants::isConventional) ? SCHEDULINGS : ""))).append("</p>\n");
        String section = "";
        PlotScale scale = null;
        int number = 0;
        for (final Scenario scenario : summary.scenarios()) {
            if (scenario.isNet() && (NetProgram.of(scenario).isRate() || NetProgram.of(scenario).isMeanOnly())) {
                continue; // bytes per second are no latency, and means no distribution: they stand among the rows
            }
            if (!scenario.section().equals(section)) {
                out.append(section.isEmpty() ? "" : "</div>\n");
                section = scenario.section();
                scale = scale(section);
                out.append("<h3>").append(text(section)).append("</h3>\n<div class=\"charts\">\n");
            }
            card(scenario, "plot" + number++, scale);
        }
        return out.append("</div>\n</section>\n").toString();
    }

    private PlotScale scale(final String section) {
        return PercentilePlot.scale(summary.scenarios().stream().filter(scenario -> scenario.section().equals(section))
            .flatMap(scenario -> Series.of(summary.rows(scenario)).stream()).toList());
    }

    private void card(final Scenario scenario, final String id, final PlotScale scale) {
        final List<Series> series = Series.of(summary.rows(scenario));
        out.append("<figure>\n<figcaption><strong>").append(text(Markup.capitalized(scenario.subject()))).append("</strong><span>")
            .append(text(scenario.loadWords())).append("</span></figcaption>\n");
        out.append(PercentilePlot.svg(id, scenario.title(), scenario.quantity(), series, scale));
        out.append(Legend.html(series));
        disturbed(summary.rows(scenario));
        result(scenario).ifPresent(result -> out.append("<p class=\"result\">").append(Markup.typeset(result)).append("</p>\n"));
        out.append("</figure>\n");
    }

    private void disturbed(final List<Row> rows) {
        final long count = rows.stream().filter(row -> !Disturbances.of(row).isEmpty()).count();
        out.append(count == 0 ? "" : "<p class=\"warning\">The machine was disturbed beside " + count + " of these " + rows.size()
            + " lines.</p>\n");
    }

    private Optional<String> result(final Scenario scenario) {
        final boolean call = scenario.bench().equals(Variants.RPC);
        final String subject = scenario.isNet() ? NetComparisons.subject(scenario) : scenario.isFile() ? FileComparisons.subject(scenario) : call ? Variants.VMRPC_PARKED : scenario.isGuest() ? Variants.SHARED : TimerComparisons.longPoll(scenario);
        final Optional<String> median = times(scenario, subject, Statistic.P50);
        final Optional<String> tail = times(scenario, subject, Statistic.P99);
        return median.isEmpty() || tail.isEmpty() ? Optional.empty()
            : Optional.of((call ? "Parked call against the best TCP: " : (scenario.isGuest() ? "Shared, against" : "Against") + " the best conventional: ") + median.get() + " at p50, "
                + tail.get() + " at p99");
    }

    private Optional<String> times(final Scenario scenario, final String subject, final Statistic statistic) {
        return summary.comparison(scenario, subject, Baseline.BEST_CONVENTIONAL, statistic)
            .filter(comparison -> comparison.ratio().isPresent()).map(Comparison::words);
    }
}
