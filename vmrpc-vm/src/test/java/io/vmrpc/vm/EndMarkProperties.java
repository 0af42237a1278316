package io.vmrpc.vm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

class EndMarkProperties {
    /** An alphabet of three makes beginnings of the mark in the output likely. */
    @Property
    void everythingBeforeTheMarkIsCopiedAndNothingElse(@ForAll @CharRange(from = 'a', to = 'c') @StringLength(max = 60) String output,
            @ForAll @IntRange(min = 1, max = 7) int chunk, @ForAll boolean marked) throws IOException {
        String mark = "aabaac";
        if (output.contains(mark)) {
            return;
        }
        // output that ends in part of a mark would make one sooner, together with what follows: then the mark begins there
        String stream = marked ? output + mark : output;
        int end = stream.contains(mark) ? stream.indexOf(mark) : stream.length();
        ByteArrayOutputStream copied = new ByteArrayOutputStream();
        boolean found = new EndMark(mark).copy(inChunks(stream, chunk), copied);
        assertEquals(marked, found);
        assertArrayEquals(stream.substring(0, end).getBytes(StandardCharsets.US_ASCII), copied.toByteArray());
    }

    private static InputStream inChunks(String text, int size) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(length, size));
            }
        };
    }
}
