package io.vmrpc.bench.run;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

/**
 * A video that needs no decoder, as yuv4mpeg (yuv4mpeg(5) of mjpegtools): a header line, then for each frame the line {@code FRAME} and the planes
 * Y, U, V, the latter two at half the width and height.
 */
final class TestVideo {
    static final int FRAMES_A_SECOND = 50;
    static final long PERIOD_NS = 1_000_000_000 / FRAMES_A_SECOND;
    private static final int WIDTH = 64;
    private static final int HEIGHT = 48;
    private static final byte GREY = (byte) 128;

    private TestVideo() {
    }

    /** A video whose every frame has another brightness; in gzip's format, for its way into a guest. */
    static byte[] zipped(final int frames) {
        final ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(zipped)) {
            write(out, frames);
        } catch (final IOException e) {
            throw new AssertionError("writing to memory cannot fail", e);
        }
        return zipped.toByteArray();
    }

    private static void write(final OutputStream out, final int frames) throws IOException {
        final byte[] planes = new byte[WIDTH * HEIGHT * 3 / 2];
        Arrays.fill(planes, GREY);
        out.write(("YUV4MPEG2 W" + WIDTH + " H" + HEIGHT + " F" + FRAMES_A_SECOND + ":1 Ip A1:1 C420jpeg\n").getBytes(StandardCharsets.US_ASCII));
        for (int frame = 0; frame < frames; frame++) {
            Arrays.fill(planes, 0, WIDTH * HEIGHT, (byte) frame);
            out.write("FRAME\n".getBytes(StandardCharsets.US_ASCII));
            out.write(planes);
        }
    }
}
