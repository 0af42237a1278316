package io.vmrpc.bench.run;

import io.vmrpc.vm.Accelerator;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The whole evaluation: its parts one after the other, with a control measurement before, between and after them. A part that cannot be measured is told, and
 * the others go on.
 */
public final class EvaluationRuns {
    private final PrintStream log;
    private final Results results;
    private final List<Part> parts;

    /** One of the benches. */
    private record Part(String name, double seconds, Measurement measurement) {
    }

    private interface Measurement {
        void run(PrintStream log) throws IOException, InterruptedException;
    }

    /**
     * Prepares a run; one object is good for one.
     *
     * @param log where steps are told.
     * @param home of the repository with its built native programs.
     * @param kernel of the guests: {@code rt}, {@code cloud} or a file.
     * @param isQuick whether every part takes its short form.
     * @param results get the rows.
     */
    public EvaluationRuns(final PrintStream log, final Path home, final String kernel, final boolean isQuick, final Results results) {
        this.log = log;
        this.results = results;
        final ResponsePlan response = isQuick ? ResponsePlan.QUICK : ResponsePlan.FULL;
        final IndependencePlan independence = isQuick ? IndependencePlan.QUICK : IndependencePlan.FULL;
        final ProbePlan outside = isQuick ? ProbePlan.QUICK : ProbePlan.FULL;
        final DensityPlan density = isQuick ? DensityPlan.QUICK : DensityPlan.FULL;
        final AlternativePlan alternatives = isQuick ? AlternativePlan.QUICK : AlternativePlan.FULL;
        parts = List.of(
            new Part("response", ResponseRuns.seconds(response), told -> new ResponseRuns(told, home, kernel, response, results).measure()),
            new Part("independence", IndependenceRuns.seconds(independence),
                told -> new IndependenceRuns(told, home, kernel, independence, results).measure()),
            new Part("outside", ProbeRuns.seconds(outside), told -> new ProbeRuns(told, home, outside, results).measure()),
            new Part("density", DensityRuns.seconds(density), told -> new DensityRuns(told, Accelerator.TCG, density, results).measure()),
            new Part("alternatives", AlternativeRuns.seconds(alternatives), told -> new AlternativeRuns(told, alternatives, results).measure()));
    }

    /**
     * Measures.
     *
     * @return what could not be measured, a sentence for each part; empty if all is there.
     * @throws IOException if not even the machine's own timer can be measured.
     * @throws InterruptedException if interrupted.
     */
    public List<String> measure() throws IOException, InterruptedException {
        final PartsProgress progress = new PartsProgress(log, parts.stream()
            .map(part -> new PartsProgress.Step(part.name(), part.seconds() + Control.SECONDS)).toList());
        final Control control = new Control(log, results);
        control.measure("");
        final List<String> failed = new ArrayList<>();
        for (final Part part : parts) {
            try {
                part.measurement().run(progress.begin());
            } catch (final IOException | RuntimeException e) {
                failed.add(part.name() + " was not measured, or in part only: " + e.getMessage());
                log.println("       " + failed.get(failed.size() - 1));
            }
            control.measure(part.name());
        }
        progress.end();
        return failed;
    }
}
