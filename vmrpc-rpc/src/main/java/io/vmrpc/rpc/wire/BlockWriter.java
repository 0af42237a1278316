package io.vmrpc.rpc.wire;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.concurrent.UnsafeBuffer;

/** Writes slots of a block. */
abstract class BlockWriter {
    final UnsafeBuffer buffer;

    BlockWriter(final int capacity) {
        buffer = new UnsafeBuffer(new byte[capacity]);
    }

    /**
     * Says that an optional value is missing.
     *
     * @param slot of it.
     */
    public final void putAbsent(final int slot) {
        buffer.putInt(slot, -1, LITTLE_ENDIAN);
    }

    public final void putBoolean(final int slot, final boolean value) {
        buffer.putByte(slot, (byte)(value ? 1 : 0));
    }

    public final void putByte(final int slot, final byte value) {
        buffer.putByte(slot, value);
    }

    public final void putShort(final int slot, final short value) {
        buffer.putShort(slot, value, LITTLE_ENDIAN);
    }

    public final void putChar(final int slot, final char value) {
        buffer.putChar(slot, value, LITTLE_ENDIAN);
    }

    public final void putInt(final int slot, final int value) {
        buffer.putInt(slot, value, LITTLE_ENDIAN);
    }

    public final void putLong(final int slot, final long value) {
        buffer.putLong(slot, value, LITTLE_ENDIAN);
    }

    public final void putFloat(final int slot, final float value) {
        buffer.putFloat(slot, value, LITTLE_ENDIAN);
    }

    public final void putDouble(final int slot, final double value) {
        buffer.putDouble(slot, value, LITTLE_ENDIAN);
    }
}
