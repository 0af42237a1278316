package io.vmrpc.rpc.wire;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes a structure: a fixed block, whose slots hold primitives or the lengths of what stands behind it in the same order.
 *
 * <pre>
 *  +--------------+---------------------------+-----------+-----------+
 *  | u16 length   | slot | slot | slot | ...  | variable  | variable  |
 *  | of the block |      |      |      |      |           |           |
 *  +--------------+---------------------------+-----------+-----------+
 * </pre>
 *
 * Grows up to a bound; allocates nothing while it need not grow. Not thread-safe.
 */
public final class WireWriter extends BlockWriter {
    private static final int MAX_BLOCK = 0xffff;
    private final Utf8 utf8 = new Utf8();
    private final int limit;
    private int position;
    private String subject = "";
    private boolean mayBorrow;
    private @Nullable DirectBuffer body;
    private int bodyLength;

    /**
     * Creates a writer.
     *
     * @param capacity bytes to begin with.
     * @param limit bytes at most.
     */
    public WireWriter(final int capacity, final int limit) {
        super(Math.min(capacity, limit));
        this.limit = limit;
    }

    /**
     * Begins anew.
     *
     * @param start where the first byte goes; the caller writes what stands before.
     * @param what is written, for messages.
     * @param borrows whether the last bytes may be left where they are: {@link #body}.
     */
    public void begin(final int start, final String what, final boolean borrows) {
        position = 0;
        body = null;
        bodyLength = 0;
        subject = what;
        mayBorrow = borrows;
        append(start);
    }

    /**
     * The buffer that holds what was written, from 0.
     *
     * @return changes when the writer grows.
     */
    public MutableDirectBuffer buffer() {
        return buffer;
    }

    /**
     * Where the next byte goes.
     *
     * @return bytes written, without {@link #body}.
     */
    public int position() {
        return position;
    }

    /**
     * A buffer whose bytes follow those written and were not copied.
     *
     * @return null if there is none.
     */
    public @Nullable DirectBuffer body() {
        return body;
    }

    /**
     * How many bytes {@link #body} has.
     *
     * @return 0 if there is none.
     */
    public int bodyLength() {
        return bodyLength;
    }

    /** Copies the borrowed bytes behind the others. */
    private void takeBody() {
        final DirectBuffer borrowed = body;
        if (borrowed != null) {
            final int length = bodyLength;
            body = null;
            bodyLength = 0;
            buffer.putBytes(append(length), borrowed, 0, length);
        }
    }

    /**
     * Makes space.
     *
     * @param bytes how much.
     * @return where it begins.
     */
    public int append(final int bytes) {
        if (body != null) {
            takeBody(); // it was not the last
        }
        final int at = position;
        final long end = (long)at + bytes;
        if (end > buffer.capacity()) {
            grow(end);
        }
        position = (int)end;
        return at;
    }

    private void grow(final long end) {
        if (end > limit) {
            throw tooLong(end);
        }
        buffer.wrap(Arrays.copyOf(buffer.byteArray(), (int)Math.min(limit, Math.max(end, 2L * buffer.capacity()))));
    }

    private WireException tooLong(final long end) {
        return new WireException(subject + " take " + end + " bytes or more, which is beyond the limit of " + limit +
            ": send less at a time, or raise the service's limit in the host", true);
    }

    /**
     * Begins a structure.
     *
     * @param blockLength bytes of its slots.
     * @return where the slots begin; each must be written.
     */
    public int beginBlock(final int blockLength) {
        if (blockLength > MAX_BLOCK) {
            throw new WireException(subject + ": a block of " + blockLength + " bytes is too long: use fewer fields in one record");
        }
        final int at = append(Short.BYTES + blockLength);
        buffer.putShort(at, (short)blockLength, LITTLE_ENDIAN);
        return at + Short.BYTES;
    }

    /**
     * Ends what stands behind the block.
     *
     * @param slot that gets the length.
     * @param start where it began.
     */
    public void endVariable(final int slot, final int start) {
        if (body != null) {
            takeBody();
        }
        buffer.putInt(slot, position - start, LITTLE_ENDIAN);
    }

    /**
     * Writes an enum.
     *
     * @param slot of it.
     * @param value not null.
     * @param field its name, for messages.
     */
    public void putEnum(final int slot, final @Nullable Enum<?> value, final String field) {
        putShort(slot, (short)require(value, field).ordinal());
    }

    /**
     * Writes a text as UTF-8.
     *
     * @param slot of it.
     * @param value not null.
     * @param field its name, for messages.
     */
    public void putString(final int slot, final @Nullable String value, final String field) {
        final String text = require(value, field);
        if (Utf8.isAscii(text)) {
            final int at = append(text.length());
            buffer.putStringWithoutLengthAscii(at, text);
            putInt(slot, text.length());
            return;
        }
        final ByteBuffer bytes = utf8.encode(text);
        if (bytes == null) {
            throw new WireException(subject + ": " + field + " has half of a surrogate pair and cannot be sent as UTF-8: send bytes, or repair it");
        }
        final int length = bytes.remaining();
        buffer.putBytes(append(length), bytes, 0, length);
        putInt(slot, length);
    }

    /**
     * Writes bytes.
     *
     * @param slot of them.
     * @param value not null.
     * @param field its name, for messages.
     */
    public void putBytes(final int slot, final byte @Nullable [] value, final String field) {
        final byte[] bytes = require(value, field);
        buffer.putBytes(append(bytes.length), bytes);
        putInt(slot, bytes.length);
    }

    /**
     * Writes all bytes of a buffer.
     *
     * @param slot of them.
     * @param value not null.
     * @param field its name, for messages.
     */
    public void putBuffer(final int slot, final @Nullable DirectBuffer value, final String field) {
        final DirectBuffer source = require(value, field);
        final int length = source.capacity();
        append(0); // takes a body that is there
        if (mayBorrow && length > 0) {
            if ((long)position + length > limit) {
                throw tooLong((long)position + length);
            }
            body = source;
            bodyLength = length;
        } else {
            buffer.putBytes(append(length), source, 0, length);
        }
        putInt(slot, length);
    }

    /**
     * Refuses null.
     *
     * @param value to look at.
     * @param field its name, for messages.
     * @param <T> its type.
     * @return the value.
     */
    public <T> T require(final @Nullable T value, final String field) {
        if (value == null) {
            throw new WireException(subject + ": " + field + " is null: pass a value, or declare an Optional");
        }
        return value;
    }
}
