package io.vmrpc.rpc.wire;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.concurrent.UnsafeBuffer;

/** Reads the slots of a block. One that the peer did not send, because its block is shorter, reads as 0. */
abstract class BlockReader {
    final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    int block;
    int blockLength;

    final boolean has(final int offset, final int size) {
        return offset + size <= blockLength;
    }

    public final boolean getBoolean(final int offset) {
        return has(offset, 1) && buffer.getByte(block + offset) != 0;
    }

    public final byte getByte(final int offset) {
        return has(offset, 1) ? buffer.getByte(block + offset) : 0;
    }

    public final short getShort(final int offset) {
        return has(offset, Short.BYTES) ? buffer.getShort(block + offset, LITTLE_ENDIAN) : 0;
    }

    public final char getChar(final int offset) {
        return has(offset, Character.BYTES) ? buffer.getChar(block + offset, LITTLE_ENDIAN) : 0;
    }

    public final int getInt(final int offset) {
        return has(offset, Integer.BYTES) ? buffer.getInt(block + offset, LITTLE_ENDIAN) : 0;
    }

    public final long getLong(final int offset) {
        return has(offset, Long.BYTES) ? buffer.getLong(block + offset, LITTLE_ENDIAN) : 0;
    }

    public final float getFloat(final int offset) {
        return has(offset, Float.BYTES) ? buffer.getFloat(block + offset, LITTLE_ENDIAN) : 0;
    }

    public final double getDouble(final int offset) {
        return has(offset, Double.BYTES) ? buffer.getDouble(block + offset, LITTLE_ENDIAN) : 0;
    }
}
