package io.vmrpc.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class LoadTimeTest {
    @Test
    void uncachedMemoryIsToldFromCached() {
        assertEquals(Level.OK, RegionChecks.judge(new LoadTime(2.0, 1.0)).level());
        Finding slow = RegionChecks.judge(new LoadTime(180.0, 1.2));
        assertEquals(Level.WARNING, slow.level());
        assertTrue(slow.found().contains("180.0 ns") && slow.found().contains("1.2 ns"), slow.found());
    }

    @Test
    void bothAreMeasured() {
        LoadTime time = LoadTime.measure(new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 16)));
        assertTrue(time.regionNs() > 0 && time.memoryNs() > 0, time::text);
        assertTrue(!time.looksUncached(), time::text);
    }
}
