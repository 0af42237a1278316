package io.vmrpc.region;

import static io.vmrpc.layout.HeaderDescriptor.*;

import io.vmrpc.layout.Geometry;
import io.vmrpc.layout.Protocol;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AtomicBuffer;

/**
 * The identity line of a region: a private copy, checked (rules R5 to R8).
 *
 * @param geometry that the line describes.
 * @param regionId random number that tells two regions apart.
 */
record Identity(Geometry geometry, long regionId) {
    /** Writes the line, magic last with release, so that whoever sees the magic sees the rest. */
    void write(final AtomicBuffer header) {
        header.putInt(VERSION, Protocol.VERSION);
        header.putInt(HEADER_LENGTH, LENGTH);
        header.putLong(REGION_LENGTH, geometry.regionLength());
        header.putLong(REGION_ID, regionId);
        header.putInt(SLOT_COUNT, geometry.slotCount());
        header.putInt(SLOT_OFFSET, geometry.slotOffset());
        header.putInt(CHANNEL_COUNT, geometry.channelCount());
        header.putInt(CHANNEL_OFFSET, geometry.channelOffset());
        header.putInt(CHANNEL_STRIDE, geometry.channelStride());
        header.putInt(RING_CAPACITY, geometry.ringCapacity());
        header.putInt(PAYLOAD_CAPACITY, geometry.payloadCapacity());
        header.putLongRelease(MAGIC, Protocol.MAGIC); // partner: the acquire in read
    }

    /** Reads the line once into locals, then checks them. */
    static Identity read(final AtomicBuffer header, final long fileLength, final Object name) throws RegionException {
        final long magic = header.getLongAcquire(MAGIC); // partner: the release in write
        if (magic != Protocol.MAGIC) {
            throw new RegionException(name + " is not a VMRPC region (magic 0x" + Long.toHexString(magic) +
                "): name another file, or remove it and start the agent again");
        }
        final int version = header.getInt(VERSION);
        if (version >>> 16 != Protocol.VERSION_MAJOR) {
            throw new RegionException(name + " has protocol version " + Protocol.versionText(version) + ", this program speaks " +
                Protocol.versionText(Protocol.VERSION) + ": use the same release on both sides");
        }
        final long regionId = header.getLong(REGION_ID);
        final Geometry geometry = geometry(header, name);
        checkDerived(header, geometry, fileLength, name);
        return new Identity(geometry, regionId);
    }

    private static Geometry geometry(final DirectBuffer header, final Object name) throws RegionException {
        try {
            return new Geometry(header.getInt(SLOT_COUNT), header.getInt(CHANNEL_COUNT), header.getInt(RING_CAPACITY),
                header.getInt(PAYLOAD_CAPACITY));
        } catch (final IllegalArgumentException e) {
            throw new RegionException(name + " has an impossible geometry (" + e.getMessage() +
                "): it is damaged; remove it and start the agent again");
        }
    }

    private static void checkDerived(final DirectBuffer header, final Geometry expected, final long fileLength, final Object name)
        throws RegionException {
        check("region_length", header.getLong(REGION_LENGTH), expected.regionLength(), name);
        check("file length", fileLength, expected.regionLength(), name);
        check("header_length", header.getInt(HEADER_LENGTH), LENGTH, name);
        check("slot_offset", header.getInt(SLOT_OFFSET), expected.slotOffset(), name);
        check("channel_offset", header.getInt(CHANNEL_OFFSET), expected.channelOffset(), name);
        check("channel_stride", header.getInt(CHANNEL_STRIDE), expected.channelStride(), name);
    }

    private static void check(final String field, final long actual, final long expected, final Object name) throws RegionException {
        if (actual != expected) {
            throw new RegionException(name + " says " + field + "=" + actual + " where its geometry needs " + expected +
                ": it is truncated or damaged; remove it and start the agent again");
        }
    }
}
