package io.vmrpc.layout;

import static org.junit.jupiter.api.Assertions.*;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules R5 to R7. */
class GeometryTest {
    @Test
    void theDefaultIsWhatItsJavadocSays() {
        assertEquals(32 << 20, Geometry.DEFAULT.regionLength());
    }

    @ParameterizedTest
    @CsvSource({"1,1,2,64", "8,16,256,2048", "256,256,2,64", "17,3,1024,4096", "1,1,64,1048576"})
    void everythingFitsAndNothingOverlaps(final int slots, final int channels, final int capacity, final int payload) {
        final Geometry geometry = new Geometry(slots, channels, capacity, payload);
        assertEquals(1, Long.bitCount(geometry.regionLength()));
        assertTrue(geometry.slotOffset(slots - 1) + SlotDescriptor.LENGTH <= geometry.channelOffset());
        assertEquals(0, geometry.channelOffset() % Protocol.PAGE);
        assertEquals(0, geometry.channelStride() % Protocol.PAGE);
        assertEquals(256, geometry.submissionRing());
        assertEquals(256 + 64 * capacity, geometry.completionRing());
        assertEquals(256 + 128 * capacity, geometry.submissionPayload());
        assertEquals(256 + 128 * capacity + payload * capacity, geometry.completionPayload());
        assertTrue(geometry.completionPayload() + payload * capacity <= geometry.channelStride());
        assertTrue(geometry.channelOffset(channels - 1) + (long)geometry.channelStride() <= geometry.regionLength());
    }

    @ParameterizedTest
    @CsvSource({"0,1,2,64", "257,1,2,64", "1,0,2,64", "1,257,2,64", "1,1,1,64", "1,1,3,64", "1,1,131072,64", "1,1,2,0", "1,1,2,65",
        "1,1,2,1048640", "256,256,65536,1048576", "-1,1,2,64", "1,1,-2147483648,64", "1,1,2,-64"})
    void impossibleOnesAreRefused(final int slots, final int channels, final int capacity, final int payload) {
        final Exception refused =
            assertThrows(IllegalArgumentException.class, () -> new Geometry(slots, channels, capacity, payload));
        assertTrue(refused.getMessage().contains("=") && refused.getMessage().contains("must be"), refused::getMessage);
    }
}
