package io.vmrpc.bench.report;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How far the parts of a row that was measured in turns lie apart: what of a figure is chance. A row keeps it as parameters {@code
 * p50.low}, {@code p50.high},
 * {@code p99.low} and {@code p99.high}, in its own unit.
 *
 * @param low the least of the parts' figures
 * @param high the largest
 */
public record Spread(double low, double high) {
    /** What is kept of each part. */
    public static final List<Statistic> OF = List.of(Statistic.P50, Statistic.P99);
    private static final String LOW = ".low";
    private static final String HIGH = ".high";

    /**
     * A row with the spread of its parts.
     *
     * @param row of all parts together
     * @param parts each measured for itself; the row stays as it is if there is only one
     * @return the row with four more parameters
     */
    public static Row keep(final Row row, final List<Row> parts) {
        if (parts.size() < 2) {
            return row;
        }
        Row spread = row;
        for (final Statistic statistic : OF) {
            spread = spread.withParam(statistic.label() + LOW, Long.toString(parts.stream().mapToLong(part -> statistic.of(part.figures()))
                .min().orElseThrow()))
                .withParam(statistic.label() + HIGH, Long.toString(parts.stream().mapToLong(part -> statistic.of(part.figures())).max()
                .orElseThrow()));
        }
        return spread;
    }

    /**
     * What a row says of its parts.
     *
     * @param row any
     * @param statistic any
     * @return the spread; empty if the row was measured at once, or its parameters are no numbers
     */
    public static Optional<Spread> of(final Row row, final Statistic statistic) {
        final OptionalDouble low = number(row.param(statistic.label() + LOW));
        final OptionalDouble high = number(row.param(statistic.label() + HIGH));
        return low.isPresent() && high.isPresent() ? Optional.of(new Spread(low.getAsDouble(), high.getAsDouble())) : Optional.empty();
    }

    /** Whether a parameter is one of a spread. */
    static boolean isParam(final String name) {
        return OF.stream().anyMatch(statistic -> name.equals(statistic.label() + LOW) || name.equals(statistic.label() + HIGH));
    }

    private static OptionalDouble number(final String text) {
        try {
            return text.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(text));
        } catch (final NumberFormatException e) {
            return OptionalDouble.empty();
        }
    }
}
