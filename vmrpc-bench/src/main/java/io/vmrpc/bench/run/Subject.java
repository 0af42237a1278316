package io.vmrpc.bench.run;

import java.io.IOException;
import java.util.List;

/**
 * What is compared, in turns: ours and the conventional ones in each host scheduling.
 *
 * @param parts each with its rows.
 * @param seconds that one turn takes.
 */
record Subject(List<Turns.Part> parts, double seconds) {
    void measure(final int turns, final Results results) throws IOException, InterruptedException {
        results.addAll(Turns.take(turns, parts));
    }
}
