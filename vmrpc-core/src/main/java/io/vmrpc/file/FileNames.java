package io.vmrpc.file;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Names of files as text. On the wire and on the host they are bytes; mostly UTF-8, which is kept byte by byte: nothing is normalized. A byte
 * that is no UTF-8 becomes the lone surrogate U+DC00 + byte, and that becomes the byte again, so that whatever stands in a folder can be
 * listed, opened and removed. Thread-safe: it keeps nothing.
 */
public final class FileNames {
    private static final char ESCAPE = '\udc00';

    private FileNames() {
    }

    /**
     * Text of a name.
     *
     * @param bytes as they stand on the wire.
     * @return the text.
     */
    public static String text(final byte[] bytes) {
        if (isAscii(bytes)) {
            return new String(bytes, StandardCharsets.US_ASCII);
        }
        final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
        final ByteBuffer in = ByteBuffer.wrap(bytes);
        final CharBuffer out = CharBuffer.allocate(bytes.length);
        while (true) {
            final CoderResult result = decoder.decode(in, out, true);
            if (!result.isError()) {
                return out.flip().toString();
            }
            for (int i = 0; i < result.length(); i++) {
                out.put((char)(ESCAPE + (in.get() & 0xff)));
            }
            decoder.reset();
        }
    }

    private static boolean isAscii(final byte[] bytes) {
        for (final byte each : bytes) {
            if (each < 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Bytes of a name.
     *
     * @param text of {@link #text(byte[])} or of a program.
     * @return as they stand on the wire.
     * @throws IllegalArgumentException if the text has a surrogate that stands alone and escapes no byte.
     */
    public static byte[] bytes(final String text) {
        try {
            final ByteBuffer plain = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            return Arrays.copyOfRange(plain.array(), plain.position(), plain.limit());
        } catch (final CharacterCodingException e) {
            return escaped(text);
        }
    }

    private static byte[] escaped(final String text) {
        final ByteBuffer out = ByteBuffer.allocate(text.length() * 3);
        for (int i = 0; i < text.length(); ) {
            final int point = text.codePointAt(i);
            if (point >= ESCAPE + 0x80 && point <= ESCAPE + 0xff) {
                out.put((byte)(point - ESCAPE));
            } else if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                throw new IllegalArgumentException("the name has half a surrogate pair at index " + i + ", which no file's name can have");
            } else {
                out.put(Character.toString(point).getBytes(StandardCharsets.UTF_8));
            }
            i += Character.charCount(point);
        }
        return Arrays.copyOf(out.array(), out.position());
    }
}
