package io.vmrpc.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the programs print whose independence is measured, and what the kernel prints of CPUs and memory, as they were. */
class ProgramOutputTest {
    @Test
    void oursSayHowMuchInHowLong() throws IOException {
        final ProgramOutput output = new ProgramOutput("\nclock_error_ns=94210 began_late_ns=-1 ended_late_ns=1200 count=3000 "
            + "ns=1500000000\n");
        assertEquals(2_000, output.rate());
        assertEquals(500_000, output.each());
        assertEquals(-1, output.number("began_late_ns"));
        assertEquals(1_500_000_000, output.number("ns"), "not the end of clock_error_ns");
    }

    @Test
    void sysbench() throws IOException {
        assertEquals(2161.66, new ProgramOutput("CPU speed:\n    events per second:  2161.66\n\nGeneral statistics:\n    total time:   "
            + "1.0003s\n").sysbench());
    }

    @Test
    void stress() throws IOException {
        assertEquals(1225 / 1.25, new ProgramOutput("""
            stress-ng: info:  [77] dispatching hogs: 1 cpu
            stress-ng: metrc: [77] stressor       bogo ops real time  usr time  sys time   bogo ops/s     bogo ops/s
            stress-ng: metrc: [77]                           (secs)    (secs)    (secs)   (real time) (usr+sys time)
            stress-ng: metrc: [77] cpu                1225      1.25      1.24      0.00       980.00         987.90
            """).stress());
    }

    @Test
    void sockperf() throws IOException {
        assertEquals(1000, new ProgramOutput("""
            sockperf: [Total Run] RunTime=1.000 sec; Warm up time=400 msec; SentMessages=1700; ReceivedMessages=1699
            sockperf: [Valid Duration] RunTime=0.550 sec; SentMessages=550; ReceivedMessages=550
            """).sockperf(), 1e-9);
    }

    @Test
    void aProgramThatFailedIsQuoted() {
        final IOException refusal = assertThrows(IOException.class, () -> new ProgramOutput("FATAL: unknown option --time").sysbench());
        assertEquals("a program that measures printed no " + "events per second: +([0-9.]+): FATAL: unknown option --time",
            refusal.getMessage());
        assertThrows(IOException.class, () -> new ProgramOutput("count=0 ns=5").each());
    }

    @Test
    void cpuTimeOfTheHost() {
        final HostCpu before = HostCpu.parse(List.of("cpu  100 0 50 800 10 5 5 30 7 0", "cpu0 1 2 3"));
        final HostCpu after = HostCpu.parse(List.of("cpu  160 0 60 810 20 5 5 40 7 0"));
        assertEquals(1000, before.all(), "guest time is part of user time");
        assertEquals(10, after.since(before).stealPercent());
        assertEquals(70, after.since(before).busyPercent());
        assertThrows(IllegalArgumentException.class, () -> HostCpu.parse(List.of("intr 5")));
    }

    @Test
    void aRegionLeavesTheHostHalfOfItsMemory() throws IOException {
        assertEquals(8000, OrdinaryVms.availableMb(List.of("MemTotal:  9000000 kB", "MemAvailable:    8192000 kB")));
        assertEquals(1024, OrdinaryVms.regionMb(1024, 9000));
        assertEquals(616, OrdinaryVms.regionMb(1024, 6000));
        assertEquals(64, OrdinaryVms.regionMb(1024, 1000));
    }
}
