package io.vmrpc.host.fuzz;

import static io.vmrpc.layout.HeaderDescriptor.*;

import io.vmrpc.layout.ChannelDescriptor;
import io.vmrpc.layout.Geometry;
import io.vmrpc.layout.Protocol;
import io.vmrpc.layout.SlotDescriptor;
import io.vmrpc.layout.SubmissionDescriptor;
import io.vmrpc.region.Region;
import java.util.Random;
import org.agrona.concurrent.AtomicBuffer;

/**
 * A hostile guest: each step writes something, from noise anywhere to submissions that are nearly right, so that the agent is led past
 * its first checks.
 */
public final class Scribbler {
    private final Region region;
    private final Geometry geometry;
    private final AtomicBuffer header;
    private final Random random;

    /**
     * Begins.
     *
     * @param region to write to.
     * @param random where the steps come from.
     */
    public Scribbler(final Region region, final Random random) {
        this.region = region;
        this.random = random;
        geometry = region.geometry();
        header = region.header();
    }

    /** Writes something. */
    public void step() {
        switch (random.nextInt(10)) {
            case 0 -> noise(header);
            case 1 -> noise(region.channel(channel()));
            case 2 -> noise(region.slot(random.nextInt(geometry.slotCount())));
            case 3 -> region.channel(channel()).putLongRelease(ChannelDescriptor.COMPLETION_HEAD, nearby(random.nextInt(64)));
            case 4 -> hello();
            case 5 -> {
                final AtomicBuffer slot = region.slot(random.nextInt(geometry.slotCount()));
                slot.putIntRelease(SlotDescriptor.ARMED, random.nextInt(3));
            }
            default -> submit();
        }
    }

    private int channel() {
        return random.nextInt(3) == 0 ? random.nextInt(geometry.channelCount()) : 0;
    }

    private void noise(final AtomicBuffer target) {
        final byte[] bytes = new byte[1 + random.nextInt(80)];
        random.nextBytes(bytes);
        target.putBytes(random.nextInt(target.capacity() - bytes.length), bytes);
    }

    /** Often plausible, sometimes not. */
    private long nearby(final long plausible) {
        return switch (random.nextInt(12)) {
            case 0 -> random.nextLong();
            case 1 -> -1;
            case 2 -> Long.MAX_VALUE;
            case 3 -> plausible + random.nextInt(5) - 2;
            default -> plausible;
        };
    }

    private void hello() {
        header.putLong(GUEST_FEATURES, nearby(Protocol.FEATURES));
        header.putInt(GUEST_VERSION, (int)nearby(Protocol.VERSION));
        header.putInt(CONTROL_SLOT, (int)nearby(random.nextInt(geometry.slotCount())));
        header.putLongRelease(GUEST_EPOCH, random.nextInt(8) == 0 ? 0 : random.nextLong());
    }

    private void submit() {
        final AtomicBuffer channel = region.channel(channel());
        final long position = channel.getLongAcquire(ChannelDescriptor.SUBMISSION_HEAD) + random.nextInt(2);
        final int index = (int)position & (geometry.ringCapacity() - 1);
        final int record = geometry.submissionRing() + index * SubmissionDescriptor.LENGTH;
        final boolean isControl = random.nextInt(3) == 0;
        channel.putLong(record + SubmissionDescriptor.CORRELATION, nearby(random.nextInt(1000)));
        channel.putInt(record + SubmissionDescriptor.OPERATION,
            (int)nearby(Protocol.operation(isControl ? 0 : 1, random.nextInt(6))));
        channel.putInt(record + SubmissionDescriptor.FLAGS, (int)nearby(random.nextInt(3)));
        channel.putInt(record + SubmissionDescriptor.PAYLOAD_LENGTH, (int)nearby(isControl ? 4 * random.nextInt(4) :
            random.nextInt(geometry.payloadCapacity() + 1)));
        channel.putInt(record + SubmissionDescriptor.RESERVED, (int)nearby(0));
        channel.putLong(record + SubmissionDescriptor.DEADLINE_NS, nearby(System.nanoTime() + random.nextInt(1_000_000)));
        channel.putInt(record + SubmissionDescriptor.PAYLOAD, (int)nearby(random.nextInt(geometry.channelCount())));
        channel.putInt(record + SubmissionDescriptor.PAYLOAD + 4, (int)nearby(random.nextInt(geometry.slotCount())));
        channel.putLongRelease(record + SubmissionDescriptor.COMMIT, position + 1);
    }
}
