package io.vmrpc.bench.run;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What there was when a run began, for the report: made before anything is measured.
 *
 * @param command that was given.
 * @param at when.
 * @param load of the machine before, as the kernel averages it.
 * @param before CPU time that had been stolen; empty if the kernel does not tell.
 */
public record RunCircumstances(String command, Instant at, String load, Optional<StolenTime> before) {

    /**
     * Of a run that begins now.
     *
     * @param command as the user can repeat it.
     * @return what there is.
     */
    public static RunCircumstances now(final String command) {
        return new RunCircumstances(command, Instant.now(), new HostFacts(Path.of("/")).load(), stolenTime());
    }

    /**
     * The machine, and what went on beside the run until now.
     *
     * @return names and descriptions, in reading order.
     */
    public Map<String, String> describe() {
        return Machine.describe(this);
    }

    long seconds() {
        return Instant.now().getEpochSecond() - at.getEpochSecond();
    }

    /** For example "0.12 % of the CPU time of all CPUs". */
    String stolen() {
        return before
            .flatMap(then -> stolenTime().map(now -> String.format(Locale.ROOT, "%.2f %% of the CPU time of all CPUs, by the "
            + "hypervisor below", now.ppmSince(then) / 1e4)))
            .orElse("unknown");
    }

    private static Optional<StolenTime> stolenTime() {
        try {
            return Optional.of(StolenTime.now());
        } catch (final IOException e) {
            return Optional.empty();
        }
    }
}
