package io.vmrpc.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ReadableTest {
    @Test
    void nanosHaveThreeDigitsAndAUnit() {
        assertEquals("0 ns", Readable.nanos(0));
        assertEquals("235 ns", Readable.nanos(235.4));
        assertEquals("4.80 us", Readable.nanos(4_800));
        assertEquals("45.1 us", Readable.nanos(45_123));
        assertEquals("143 us", Readable.nanos(143_200));
        assertEquals("1.00 ms", Readable.nanos(999_600));
        assertEquals("104 ms", Readable.nanos(103_979_000));
        assertEquals("1.00 s", Readable.nanos(999_900_000L));
        assertEquals("3,600 s", Readable.nanos(3_600e9));
    }

    @Test
    void ratiosAreRoundedAgainstUs() {
        assertEquals("7.99x", Readable.ratio(7.999, true));
        assertEquals("3.01x", Readable.ratio(3.001, false));
        assertEquals("0.45x", Readable.ratio(0.4567, true));
        assertEquals("0.05x", Readable.ratio(0.0451, false));
        assertEquals("726x", Readable.ratio(726.9, true));
        assertEquals("1,230x", Readable.ratio(1_234, true));
    }

    @Test
    void sharesMayBeAnyText() {
        assertEquals("94 %", Readable.share("94.3"));
        assertEquals("", Readable.share(""));
        assertEquals("most", Readable.share("most"));
    }
}
