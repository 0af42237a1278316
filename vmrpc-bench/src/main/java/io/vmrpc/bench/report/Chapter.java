package io.vmrpc.bench.report;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What one part of the evaluation says of its rows; a terminal and the page show the same. Stateless. */
public interface Chapter {

    /**
     * A table; every line has as many cells as there are heads.
     *
     * @param caption what it compares
     * @param heads   of the columns, with units; the first column is the lines' names
     * @param lines   the cells as they are read
     * @param note    how to read it, or what spoils it; may be empty
     */
    record Table(String caption, List<String> heads, List<List<String>> lines, String note) {
        /** Refuses lines that do not fit. */
        public Table {
            for (final List<String> line : lines) {
                if (line.size() != heads.size()) {
                    throw new IllegalArgumentException(caption + ": " + line + " has not the " + heads.size() + " columns " + heads);
                }
            }
        }
    }

    /**
     * The one figure that the top of the page shows of a chapter.
     *
     * @param figure short, for example {@code 14x} or {@code 41 us}
     * @param words what it is, and what it is compared with
     */
    record Tile(String figure, String words) {
    }

    /** {@return the benches of the rows that it speaks of} */
    Set<String> benches();

    /** {@return a few words} */
    String title();

    /** {@return what was asked, and how it was measured, in a few sentences} */
    String question();

    /** {@return the command that repeats it} */
    String command();

    /**
     * What was found.
     *
     * @param rows of its benches, at least one
     * @return sentences, the most important first; figures that were not reached are named as such
     */
    List<String> findings(List<Row> rows);

    /**
     * The figures.
     *
     * @param rows of its benches, at least one
     * @return in reading order
     */
    List<Table> tables(List<Row> rows);

    /**
     * The main figure, for who reads for ten seconds.
     *
     * @param rows of its benches, at least one
     * @return empty if its first finding says enough
     */
    default Optional<Tile> tile(final List<Row> rows) {
        return Optional.empty();
    }

    /**
     * Which circumstances part the plots of its distributions, besides the load; others become lines of one plot.
     *
     * @return names of parameters; those that several chapters have, if this one does not say
     */
    default List<String> plotBy() {
        return List.of(Variants.PERIOD, Variants.KIND, Variants.PAYLOAD, Variants.SOCKETS, Variants.PLACE, Variants.THREADS,
            "quantity", "language", "what");
    }
}
