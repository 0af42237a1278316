package io.vmrpc.host.session;

import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Texts of failed requests as payload. */
final class Texts {
    private Texts() {
    }

    /** UTF-8, cut between characters if it is longer than the limit. */
    static DirectBuffer encode(final CharSequence text, final int limit) {
        final byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, limit);
        while (length > 0 && length < bytes.length && (bytes[length] & 0xc0) == 0x80) {
            length--;
        }
        return new UnsafeBuffer(bytes, 0, length);
    }
}
