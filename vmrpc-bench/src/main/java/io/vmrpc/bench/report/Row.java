package io.vmrpc.bench.report;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * One measurement: what was measured, under which circumstances, and its distribution in nanoseconds. Immutable.
 *
 * <p>The whole distribution is there if the source gave it; a row that was read from a JSON file has its figures only.
 */
public final class Row {
    private final String bench;
    private final String variant;
    private final String vm;
    private final String load;
    private final Map<String, String> params;
    private final Figures figures;
    private final Histogram histogram;

    private Row(final String bench, final String variant, final String vm, final String load, final Map<String, String> params,
                final Figures figures, final Histogram histogram) {
        this.bench = named("bench", bench);
        this.variant = named("variant", variant);
        this.vm = named("vm", vm);
        this.load = named("load", load);
        this.params = Collections.unmodifiableMap(new TreeMap<>(params));
        this.figures = Objects.requireNonNull(figures, "figures");
        this.histogram = histogram;
    }

    /**
     * A row with its whole distribution.
     *
     * @param bench     for example {@link Variants#TIMER}
     * @param variant   for example {@link Variants#LONGPOLL_PERIODIC}
     * @param vm        {@code none}, {@code tcg} or another kind of VM
     * @param load      {@code none}, {@code guest}, {@code host} or {@code both}
     * @param params    further circumstances, by name
     * @param histogram nanoseconds; copied
     * @return the row
     */
    public static Row of(final String bench, final String variant, final String vm, final String load,
                         final Map<String, String> params, final Histogram histogram) {
        return new Row(bench, variant, vm, load, params, Figures.of(histogram), histogram.copy());
    }

    /**
     * A row of which the source gave the figures only.
     *
     * @param bench   as in {@link #of(String, String, String, String, Map, Histogram)}
     * @param variant likewise
     * @param vm      likewise
     * @param load    likewise
     * @param params  likewise
     * @param figures nanoseconds
     * @return the row
     */
    public static Row of(final String bench, final String variant, final String vm, final String load,
                         final Map<String, String> params, final Figures figures) {
        return new Row(bench, variant, vm, load, params, figures, null);
    }

    /**
     * This row with another parameter: the host knows circumstances that the guest, which measured, does not.
     *
     * @param name  of the parameter
     * @param value replaces an earlier one
     * @return a new row
     */
    public Row withParam(final String name, final String value) {
        final Map<String, String> more = new TreeMap<>(params);
        more.put(named("parameter", name), Objects.requireNonNull(value, name));
        return new Row(bench, variant, vm, load, more, figures, histogram);
    }

    /**
     * This row with another vm and load.
     *
     * @param otherVm   replaces the vm
     * @param otherLoad replaces the load
     * @return a new row
     */
    public Row in(final String otherVm, final String otherLoad) {
        return new Row(bench, variant, otherVm, otherLoad, params, figures, histogram);
    }

    /** {@return the bench} */
    public String bench() {
        return bench;
    }

    /** {@return what was measured} */
    public String variant() {
        return variant;
    }

    /** {@return the kind of VM} */
    public String vm() {
        return vm;
    }

    /** {@return what was loaded meanwhile} */
    public String load() {
        return load;
    }

    /** {@return further circumstances, sorted by name, unmodifiable} */
    public Map<String, String> params() {
        return params;
    }

    /**
     * One circumstance.
     *
     * @param name of the parameter
     * @return its value, empty text if the row has none
     */
    public String param(final String name) {
        return params.getOrDefault(name, "");
    }

    /** {@return count, mean, percentiles and maximum} */
    public Figures figures() {
        return figures;
    }

    /** {@return a copy of the whole distribution, if the source gave it} */
    public Optional<Histogram> histogram() {
        return Optional.ofNullable(histogram).map(Histogram::copy);
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof Row row && bench.equals(row.bench) && variant.equals(row.variant) && vm.equals(row.vm)
            && load.equals(row.load) && params.equals(row.params) && figures.equals(row.figures)
            && Objects.equals(histogram, row.histogram);
    }

    @Override
    public int hashCode() {
        return Objects.hash(bench, variant, vm, load, params, figures);
    }

    @Override
    public String toString() {
        return bench + " " + variant + " vm=" + vm + " load=" + load + " " + params + " " + figures;
    }

    private static String named(final String what, final String name) {
        if (name == null || name.isBlank()) {
            throw new IllegalArgumentException("a row needs a " + what + ": give it a name");
        }
        return name;
    }
}
