package io.vmrpc.bench.density;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ScheduleTest {
    @Test
    void aProgramReadsWhatItWasTold() {
        final Schedule schedule = new Schedule(40, 123_456_789_012_345L, 10_000_000, 800, true);
        assertEquals(schedule, Schedule.of(schedule.line()));
        assertThrows(IllegalArgumentException.class, () -> Schedule.of("go 40 1 10000000"));
        assertThrows(IllegalArgumentException.class, () -> Schedule.of("stop 40 1 10000000 800 true"));
        assertThrows(IllegalArgumentException.class, () -> new Schedule(0, 1, 1, 1, false));
    }

    @Test
    void cyclesAreSpreadOverThePeriodOrBeginTogether() {
        final Schedule spread = new Schedule(4, 1_000, 100, 3, false);
        assertEquals("1000 1025 1050 1075", String.join(" ", LongStream.range(0,
            4).mapToObj(i -> Long.toString(spread.firstNs((int)i))).toList()));
        assertEquals(1_000, new Schedule(4, 1_000, 100, 3, true).firstNs(3));
        assertEquals(12, spread.cycles());
    }
}
