package io.vmrpc.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What sockperf 3.7 wrote in a run, cut short. */
@Timeout(30)
class SockperfOutputTest {
    private static final String OUTPUT = """
        sockperf: Test ended
        sockperf: [Total Run] RunTime=2.000 sec; Warm up time=400 msec; SentMessages=102527; ReceivedMessages=102526
        sockperf: ========= Printing statistics for Server No: 0
        sockperf: [Valid Duration] RunTime=1.550 sec; SentMessages=82756; ReceivedMessages=82756
        sockperf: # dropped messages = 3; # duplicated messages = 1; # out-of-order messages = 2
        sockperf: Summary: Round trip is 18.703 usec
        """;
    private static final String LOG = """
        ------------------------------
        test was performed using the following parameters: --mps=600000 --burst=1 --reply-every=1 --msg-size=64 --time=2 --full-rtt
        sockperf: ---> percentile 99.999 = 7780.228
        packet, txTime(sec), rxTime(sec), rtt(usec)
        82753, 3.974463418, 3.974480000, 16.582
        82754, 3.974483418, 3.974498750, 15.332
        82755, 3.974498770, 13.974514594, 10000015.824
        ------------------------------
        """;

    @Test
    void everyMessageIsASample() throws IOException {
        final SockperfOutput found = SockperfOutput.parse(OUTPUT, LOG.lines());
        assertEquals(3, found.samples().getTotalCount());
        assertEquals(15_332, found.samples().getMinValue(), 16);
        assertTrue(found.samples().valuesAreEquivalent(10_000_015_824L, found.samples().getMaxValue()));
        assertEquals(3, found.dropped());
        assertEquals(3, found.wrong());
    }

    @Test
    void aRunThatMeasuredNothingSaysWhy() {
        final IOException failure = assertThrows(IOException.class,
            () -> SockperfOutput.parse("sockperf: ERROR: [fd=3] Can`t bind socket 0.0.0.0:7001 (errno=98 Address already in use)", Stream.of()));
        assertTrue(failure.getMessage().contains("Address already in use"), failure.getMessage());
    }
}
