package io.vmrpc.file;

import static org.junit.jupiter.api.Assertions.*;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class FileNamesProperties {
    @Property
    void anyBytesComeBack(@ForAll @Size(max = 64) final byte[] bytes) {
        assertArrayEquals(bytes, FileNames.bytes(FileNames.text(bytes)));
    }

    @Property
    void whatIsUtf8IsTextAsItStands(@ForAll final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertEquals(new String(bytes, StandardCharsets.UTF_8), FileNames.text(bytes));
    }

    @Example
    void halfASurrogatePairIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> FileNames.bytes("a\ud800"));
        assertThrows(IllegalArgumentException.class, () -> FileNames.bytes("\udc00b"), "it would stand for a byte that is ASCII");
        assertArrayEquals(new byte[] {'a', (byte)0xff}, FileNames.bytes("a\udcff"));
    }
}
