package io.vmrpc.vm;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The bytes that the guest's init appends to a stream when the command has ended. A virtio-serial port has no end of file, and
 * QEMU may still hold output when the exit status arrives on another port: seeing the mark is how the runner knows that it has
 * every byte. It is random for each run, so that no output contains it by chance.
 */
final class EndMark {
    private final byte[] mark;

    EndMark(String mark) {
        this.mark = mark.getBytes(StandardCharsets.US_ASCII);
    }

    static EndMark random() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return new EndMark(HexFormat.of().formatHex(bytes));
    }

    @Override
    public String toString() {
        return new String(mark, StandardCharsets.US_ASCII);
    }

    /**
     * Copies until the mark. Bytes are passed on as soon as they cannot be the beginning of a mark.
     *
     * @return true if the mark came, false if the stream ended without it
     */
    boolean copy(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[65536 + mark.length];
        int kept = 0;
        int count;
        while ((count = in.read(buffer, kept, buffer.length - kept)) >= 0) {
            int length = kept + count;
            int start = findOrTail(buffer, length);
            out.write(buffer, 0, start);
            out.flush();
            if (length - start >= mark.length) {
                return true;
            }
            kept = length - start;
            System.arraycopy(buffer, start, buffer, 0, kept);
        }
        out.write(buffer, 0, kept);
        out.flush();
        return false;
    }

    /** {@return where the mark begins, or what could become one by more bytes, or the length} */
    private int findOrTail(byte[] buffer, int length) {
        for (int start = 0; start < length; start++) {
            int matched = 0;
            while (matched < mark.length && start + matched < length && buffer[start + matched] == mark[matched]) {
                matched++;
            }
            if (matched == mark.length || start + matched == length) {
                return start;
            }
        }
        return length;
    }
}
