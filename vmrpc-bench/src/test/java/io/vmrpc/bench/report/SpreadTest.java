package io.vmrpc.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpreadTest {
    private static Row row(final long p50, final long p99) {
        return Row.of("rpc", "vmrpc-parked", "tcg", "none", Map.of("payload", "16"), new Figures(100, p50, p50, p50, p99, p99, p99));
    }

    @Test
    void leastAndLargestOfThePartsAreKept() {
        final Row kept = Spread.keep(row(5, 50), List.of(row(4, 90), row(6, 50), row(5, 60)));
        assertEquals(Optional.of(new Spread(4, 6)), Spread.of(kept, Statistic.P50));
        assertEquals(Optional.of(new Spread(50, 90)), Spread.of(kept, Statistic.P99));
        assertEquals(Optional.empty(), Spread.of(kept, Statistic.P90));
        assertEquals(Map.of("payload", "16"), Found.given(kept), "a spread is found, not given");
    }

    @Test
    void onePartHasNone() {
        final Row row = row(5, 50);
        assertSame(row, Spread.keep(row, List.of(row)));
        assertEquals(Optional.empty(), Spread.of(row, Statistic.P50));
        assertEquals(Optional.empty(), Spread.of(row.withParam("p50.low", "x").withParam("p50.high", "y"), Statistic.P50));
    }

    @ParameterizedTest
    @CsvSource({"host.share,97,true", "anything,12.5,true", "anything,-0.1,true", "vms,3,false", "period,2ms,false", "payload,16,false",
        "disturbed,after it: x,true", "host,all-fifo,false"})
    void whatIsFoundIsNotGiven(final String name, final String value, final boolean isFound) {
        assertEquals(isFound, Found.isFound(name, value));
    }

    @ParameterizedTest
    @CsvSource({"ns,false", "bytes,false", "bytes/s,true", "bytes/cpu-s,true", "iterations/s,true", "transactions/s,true",
        "requests per second,true", "ns of CPU per second,false", "ppm of CPU time,false"})
    void ratesAreBetterIfLarge(final String unit, final boolean isMoreBetter) {
        assertEquals(isMoreBetter, Units.isMoreBetter(unit));
        assertFalse(Units.isMoreBetter("%"));
        assertTrue(Units.isMoreBetter("guests"));
    }
}
