package io.vmrpc.rpc.wire;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads what {@link WireWriter} wrote, and trusts none of it: every length is checked against what is there before it is used, and what a
 * peer of an earlier version did not send reads as 0, false, empty. The caller reads fields in their order. Allocates only what it returns.
 * Not thread-safe.
 */
public final class WireReader extends BlockReader {
    private static final int WORDS = 4;
    /** The processor refuses deeper types. */
    private static final int MAX_DEPTH = 64;
    private final Utf8 utf8 = new Utf8();
    private final int[] frames = new int[MAX_DEPTH * WORDS];
    private int depth;
    private int cursor;
    private int limit;
    private String subject = "";
    private boolean copiesBuffers;

    /** Creates a reader of nothing. */
    public WireReader() {
    }

    /**
     * Begins to read.
     *
     * @param source holds the bytes.
     * @param offset of the first.
     * @param length how many.
     * @param what is read, for messages.
     * @param copies whether buffers are copied instead of being views of the source.
     */
    public void wrap(final DirectBuffer source, final int offset, final int length, final String what, final boolean copies) {
        if (length > 0) {
            buffer.wrap(source, offset, length);
        }
        depth = 0;
        block = 0;
        blockLength = 0;
        cursor = 0;
        limit = length;
        subject = what;
        copiesBuffers = copies;
    }

    /** Reads the length of the fixed block. Nothing at all reads as a block without slots. */
    public void beginBlock() {
        block = cursor;
        blockLength = 0;
        if (cursor == limit) {
            return;
        }
        if (limit - cursor < Short.BYTES) {
            throw broken("the structure", "has 1 byte");
        }
        final int length = buffer.getShort(cursor, LITTLE_ENDIAN) & 0xffff;
        block = cursor + Short.BYTES;
        if (length > limit - block) {
            throw broken("the structure", "has a block of " + length + " bytes, but only " + (limit - block) + " are there");
        }
        blockLength = length;
        cursor = block + length;
    }

    /**
     * Reads an enum.
     *
     * @param offset of its slot.
     * @param constants of the enum, by ordinal.
     * @param field its name, for messages.
     * @param <E> the enum.
     * @return the constant; the first one if the peer sent none.
     */
    public <E extends Enum<E>> E getEnum(final int offset, final E[] constants, final String field) {
        final int ordinal = getShort(offset) & 0xffff;
        if (ordinal >= constants.length) {
            throw broken(field, "has ordinal " + ordinal + ", but " + constants[0].getDeclaringClass().getSimpleName() + " has only " + constants.length +
                " constants here: the peer is newer, or broken");
        }
        return constants[ordinal];
    }

    /** Length of a variable part; the cursor is not moved. Missing reads as 0. */
    private int length(final int offset, final String field) {
        final int length = getInt(offset);
        if (length < 0 || length > limit - cursor) {
            throw broken(field, "has a length of " + Integer.toUnsignedString(length) + ", but only " + (limit - cursor) + " bytes are there");
        }
        return length;
    }

    /**
     * Reads a text.
     *
     * @param offset of its slot.
     * @param field its name, for messages.
     * @return the text.
     */
    public String getString(final int offset, final String field) {
        final int length = length(offset, field);
        if (length == 0) {
            return "";
        }
        final String text = utf8.decode(buffer, cursor, length);
        if (text == null) {
            throw broken(field, "is not UTF-8");
        }
        cursor += length;
        return text;
    }

    /**
     * Reads bytes.
     *
     * @param offset of their slot.
     * @param field their name, for messages.
     * @return a new array.
     */
    public byte[] getBytes(final int offset, final String field) {
        final byte[] bytes = new byte[length(offset, field)];
        if (bytes.length > 0) {
            buffer.getBytes(cursor, bytes);
            cursor += bytes.length;
        }
        return bytes;
    }

    /**
     * Reads bytes without copying them.
     *
     * @param offset of their slot.
     * @param field their name, for messages.
     * @param view becomes a view of them, valid as long as the source is.
     * @return the view, or a buffer of its own if this reader copies.
     */
    public DirectBuffer getBuffer(final int offset, final String field, final UnsafeBuffer view) {
        if (copiesBuffers) {
            return new UnsafeBuffer(getBytes(offset, field));
        }
        final int length = length(offset, field);
        if (length == 0) {
            view.wrap(EMPTY);
        } else {
            view.wrap(buffer, cursor, length);
            cursor += length;
        }
        return view;
    }

    private static final byte[] EMPTY = {};

    /**
     * Begins a structure or list that stands behind the block.
     *
     * @param offset of its slot.
     * @param field its name, for messages.
     */
    public void enter(final int offset, final String field) {
        push(length(offset, field), field);
    }

    /**
     * Begins an optional value.
     *
     * @param offset of its slot.
     * @param size of the value's own slot.
     * @param field its name, for messages.
     * @return false if it is missing; then there is nothing to {@link #leave}.
     */
    public boolean enterOptional(final int offset, final int size, final String field) {
        final int length = has(offset, Integer.BYTES) ? getInt(offset) : -1;
        if (length == -1) {
            return false;
        }
        push(length(offset, field), field);
        element(size, field);
        return true;
    }

    private void push(final int length, final String field) {
        if (depth + WORDS > frames.length) {
            throw broken(field, "stands too deep");
        }
        frames[depth++] = block;
        frames[depth++] = blockLength;
        frames[depth++] = cursor + length;
        frames[depth++] = limit;
        limit = cursor + length;
        block = cursor;
        blockLength = 0;
    }

    /** Ends what {@link #enter} began; what was not read, because the peer is newer, is passed over. */
    public void leave() {
        limit = frames[--depth];
        cursor = frames[--depth];
        blockLength = frames[--depth];
        block = frames[--depth];
    }

    /**
     * Reads how many elements a list has, after {@link #enter}.
     *
     * @param size of an element's slot.
     * @param field its name, for messages.
     * @return a count that the bytes which are there can hold.
     */
    public int count(final int size, final String field) {
        if (cursor == limit) {
            return 0;
        }
        element(Integer.BYTES, field);
        final int count = getInt(0);
        if (count < 0 || count > (limit - cursor) / size) {
            throw broken(field, "claims " + Integer.toUnsignedString(count) + " elements, which " + (limit - cursor) + " bytes cannot hold");
        }
        return count;
    }

    /**
     * Moves to the next element of a list: its slot is then at 0.
     *
     * @param size of the slot.
     * @param field the list's name, for messages.
     */
    public void element(final int size, final String field) {
        if (size > limit - cursor) {
            throw broken(field, "ends within an element");
        }
        block = cursor;
        blockLength = size;
        cursor += size;
    }

    private WireException broken(final String field, final String what) {
        return new WireException(subject + " do not decode: " + field + " " + what);
    }
}
