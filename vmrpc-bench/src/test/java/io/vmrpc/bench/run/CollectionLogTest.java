package io.vmrpc.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmrpc.bench.report.DensityVariants;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What JDK 17 wrote with the option, and a concurrent phase of G1's. */
@Timeout(30)
class CollectionLogTest {
    private static final List<String> LINES = List.of(
        "[1000ns] Using Serial",
        "[2000ns] GC(0) Pause Young (Allocation Failure) 6M->1M(23M) 2.845ms",
        "[3000ns] GC(1) Pause Young (Allocation Failure) 8M->3M(23M) 0.120ms",
        "[4000ns] GC(2) Concurrent Mark Cycle 31.250ms",
        "[5000ns] GC(3) Pause Full (Allocation Failure) 22M->9M(23M) 31.005ms",
        "[6000ns] GC(4) Pause Young (Allocation Failure) 8M->3M(23M) 9.000ms");

    @Test
    void pausesOfTheMeasurementCount() {
        assertEquals(Map.of(DensityVariants.COLLECTIONS, "2", DensityVariants.LONGEST_PAUSE, "31005", DensityVariants.ALL_PAUSES, "31125"),
            CollectionLog.between(LINES, 2_500, 5_500));
        assertEquals("0", CollectionLog.between(LINES, 7_000, 8_000).get(DensityVariants.COLLECTIONS));
    }
}
