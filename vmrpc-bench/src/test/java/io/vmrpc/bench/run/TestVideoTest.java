package io.vmrpc.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TestVideoTest {
    @Test
    void aHeaderThenFrames() throws IOException {
        final byte[] video = new GZIPInputStream(new ByteArrayInputStream(TestVideo.zipped(900))).readAllBytes();
        final String header = new String(video, 0, 80, StandardCharsets.ISO_8859_1).lines().findFirst().orElseThrow();
        assertEquals("YUV4MPEG2 W64 H48 F50:1 Ip A1:1 C420jpeg", header);
        final int frame = "FRAME\n".length() + 64 * 48 * 3 / 2;
        assertEquals(header.length() + 1 + 900 * frame, video.length);
        assertEquals("FRAME\n", new String(video, header.length() + 1 + 899 * frame, 6, StandardCharsets.ISO_8859_1));
        assertTrue(TestVideo.zipped(900).length < 100_000, "it goes into the guest through its shell");
    }
}
