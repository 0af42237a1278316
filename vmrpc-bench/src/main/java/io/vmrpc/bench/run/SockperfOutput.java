package io.vmrpc.bench.run;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * What {@code sockperf ping-pong --full-rtt --full-log FILE} of Debian's sockperf 3.7 finds: a line for each message in the file, with its number, when it was
 * sent and answered in seconds, and how long that took in us; and what was lost, on its output.
 *
 * <pre>
 *   17, 3.974483418, 3.974498750, 15.332
 *
 *   sockperf: # dropped messages = 0; # duplicated messages = 0; # out-of-order messages = 0
 * </pre>
 *
 * @param samples of the messages that count, without those of the warm-up, ns
 * @param dropped messages that were never answered
 * @param wrong messages that were answered twice, or out of order
 */
record SockperfOutput(Histogram samples, long dropped, long wrong) {
    private static final Pattern MESSAGE = Pattern.compile(" *\\d+, *\\d+\\.\\d+, *\\d+\\.\\d+, *(\\d+)\\.(\\d{3}) *");
    private static final Pattern LOST = Pattern.compile(
        "# dropped messages = (\\d+); # duplicated messages = (\\d+); # out-of-order messages = (\\d+)");

    static SockperfOutput parse(final String output, final Stream<String> log) throws IOException {
        final Matcher lost = LOST.matcher(output);
        if (!lost.find()) {
            throw new IOException("sockperf measured nothing: " + output.strip());
        }
        final Histogram samples = new Histogram(Instruments.HIGHEST_NS, 3);
        log.map(MESSAGE::matcher).filter(Matcher::matches).forEach(message ->
            samples.recordValue(Long.parseLong(message.group(1)) * 1_000 + Long.parseLong(message.group(2))));
        return new SockperfOutput(samples, Long.parseLong(lost.group(1)), Long.parseLong(lost.group(2)) + Long.parseLong(lost.group(3)));
    }
}
