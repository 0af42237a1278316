package io.vmrpc.rpc.wire;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/** Strict UTF-8: what is malformed is an error and no replacement character. Not thread-safe. */
final class Utf8 {
    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT).onUnmappableCharacter(CodingErrorAction.REPORT);
    private final CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder()
        .onMalformedInput(CodingErrorAction.REPORT).onUnmappableCharacter(CodingErrorAction.REPORT);

    /** The text, or null if the bytes are none. */
    @Nullable String decode(final DirectBuffer buffer, final int offset, final int length) {
        if (isAscii(buffer, offset, length)) {
            return buffer.getStringWithoutLengthAscii(offset, length);
        }
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        try {
            return decoder.decode(ByteBuffer.wrap(bytes)).toString();
        } catch (final CharacterCodingException e) {
            return null;
        }
    }

    private static boolean isAscii(final DirectBuffer buffer, final int offset, final int length) {
        for (int i = 0; i < length; i++) {
            if (buffer.getByte(offset + i) < 0) {
                return false;
            }
        }
        return true;
    }

    static boolean isAscii(final String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /** The bytes, or null if the text has half a surrogate pair. */
    @Nullable ByteBuffer encode(final String text) {
        try {
            return encoder.encode(CharBuffer.wrap(text));
        } catch (final CharacterCodingException e) {
            return null;
        }
    }
}
