package io.vmrpc.layout;

/**
 * How many slots and channels a region has and where they stand: everything that rules R5 to R7 derive.
 *
 * @param slotCount vCPUs that can park, 1 to 256.
 * @param channelCount channels, 1 to 256.
 * @param ringCapacity records in each ring, a power of two from 2 to 65536.
 * @param payloadCapacity bytes a record can carry, a multiple of 64 from 64 to 1 MiB.
 */
public record Geometry(int slotCount, int channelCount, int ringCapacity, int payloadCapacity) {
    /** 8 slots, 16 channels of 256 records with 2 KiB each: a region of 32 MiB. */
    public static final Geometry DEFAULT = new Geometry(8, 16, 256, 2048);
    private static final long MAX_REGION = 1L << 30;
    private static final long MIN_REGION = 1L << 16;

    /** Checks the limits of rules R5 and R6. */
    public Geometry {
        require(slotCount >= 1 && slotCount <= Protocol.MAX_SLOTS, "slotCount", slotCount, "1 to 256");
        require(channelCount >= 1 && channelCount <= Protocol.MAX_CHANNELS, "channelCount", channelCount, "1 to 256");
        require(ringCapacity >= 2 && ringCapacity <= Protocol.MAX_RING_CAPACITY && Integer.bitCount(ringCapacity) == 1,
            "ringCapacity", ringCapacity, "a power of two from 2 to 65536");
        require(payloadCapacity >= 64 && payloadCapacity <= Protocol.MAX_PAYLOAD && payloadCapacity % 64 == 0,
            "payloadCapacity", payloadCapacity, "a multiple of 64 from 64 to 1048576");
        final long length = length(slotCount, channelCount, ringCapacity, payloadCapacity);
        require(length <= MAX_REGION, "region length", length, "at most 1 GiB: fewer channels, records or payload bytes");
    }

    private static void require(final boolean holds, final String name, final long value, final String range) {
        if (!holds) {
            throw new IllegalArgumentException(name + "=" + value + " must be " + range);
        }
    }

    private static long stride(final int ringCapacity, final int payloadCapacity) {
        return align(ChannelDescriptor.HEADER_LENGTH + 2L * ringCapacity * (SubmissionDescriptor.LENGTH + payloadCapacity));
    }

    private static long align(final long length) {
        return (length + Protocol.PAGE - 1) & -Protocol.PAGE;
    }

    private static long length(final int slots, final int channels, final int ringCapacity, final int payloadCapacity) {
        final long needed = HeaderDescriptor.LENGTH + align((long)slots * SlotDescriptor.LENGTH) +
            channels * stride(ringCapacity, payloadCapacity);
        return Math.max(MIN_REGION, Long.highestOneBit(needed - 1) << 1);
    }

    /**
     * Length of the region's file.
     *
     * @return bytes, a power of two.
     */
    public long regionLength() {
        return length(slotCount, channelCount, ringCapacity, payloadCapacity);
    }

    /**
     * Where the slots begin.
     *
     * @return offset in the region.
     */
    public int slotOffset() {
        return HeaderDescriptor.LENGTH;
    }

    /**
     * Where a slot begins.
     *
     * @param slot 0 to slotCount - 1.
     * @return offset in the region.
     */
    public int slotOffset(final int slot) {
        return slotOffset() + slot * SlotDescriptor.LENGTH;
    }

    /**
     * Where the channels begin.
     *
     * @return offset in the region.
     */
    public int channelOffset() {
        return (int)(slotOffset() + align((long)slotCount * SlotDescriptor.LENGTH));
    }

    /**
     * Where a channel begins.
     *
     * @param channel 0 to channelCount - 1.
     * @return offset in the region.
     */
    public int channelOffset(final int channel) {
        return channelOffset() + channel * channelStride();
    }

    /**
     * Distance between two channels.
     *
     * @return bytes, a multiple of 4096.
     */
    public int channelStride() {
        return (int)stride(ringCapacity, payloadCapacity);
    }

    /**
     * Where the submission ring begins.
     *
     * @return offset in its channel.
     */
    public int submissionRing() {
        return ChannelDescriptor.HEADER_LENGTH;
    }

    /**
     * Where the completion ring begins.
     *
     * @return offset in its channel.
     */
    public int completionRing() {
        return submissionRing() + ringCapacity * SubmissionDescriptor.LENGTH;
    }

    /**
     * Where the payload buffers of submissions begin.
     *
     * @return offset in its channel.
     */
    public int submissionPayload() {
        return completionRing() + ringCapacity * CompletionDescriptor.LENGTH;
    }

    /**
     * Where the payload buffers of completions begin.
     *
     * @return offset in its channel.
     */
    public int completionPayload() {
        return submissionPayload() + ringCapacity * payloadCapacity;
    }
}
