package io.vmrpc.host.fuzz;

import static io.vmrpc.layout.HeaderDescriptor.*;

import io.vmrpc.error.SessionEndedException;
import io.vmrpc.layout.ChannelDescriptor;
import io.vmrpc.layout.Geometry;
import io.vmrpc.layout.Protocol;
import io.vmrpc.layout.SlotDescriptor;
import io.vmrpc.layout.SubmissionDescriptor;
import io.vmrpc.region.Region;
import io.vmrpc.ring.CompletionConsumer;
import io.vmrpc.ring.SubmissionProducer;
import java.util.Random;
import org.agrona.concurrent.AtomicBuffer;

/**
 * A hostile guest: each step writes something, from noise anywhere to submissions that are nearly right, so that the agent is led past
 * its first checks.
 */
public final class Scribbler {
    /** PING, OPEN_CHANNEL, CLOSE_CHANNEL, CANCEL, RESOLVE, and two that do not exist. */
    private static final int[] CONTROL_LENGTHS = {30, 8, 4, 8, 6, 0, 0};
    private static final int STEPS_PER_MOOD = 400;
    private static final int[] MOODS = {12, 100, 1_000, 100_000};
    private final Region region;
    private final Geometry geometry;
    private final AtomicBuffer header;
    private final Random random;
    private CompletionConsumer completions;
    private int steps;
    /** One value in so many is wrong: a guest that is always wild never gets past its hello. */
    private int mood;

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
        if (steps++ % STEPS_PER_MOOD == 0) {
            mood = MOODS[random.nextInt(MOODS.length)];
        }
        if (completions == null || steps % 16 == 0 && header.getInt(SESSION_STATUS) != Protocol.SESSION_OPEN) {
            hello();
        }
        if (random.nextInt(20) == 0) {
            consume();
        }
        switch (random.nextInt(mood)) {
            case 0 -> noise(header);
            case 1 -> noise(region.channel(channel()));
            case 2 -> noise(region.slot(random.nextInt(geometry.slotCount())));
            case 3 -> region.channel(channel()).putLongRelease(ChannelDescriptor.COMPLETION_HEAD, nearby(random.nextInt(64)));
            case 4 -> hello();
            case 5 -> region.slot(random.nextInt(geometry.slotCount())).putIntRelease(SlotDescriptor.ARMED, random.nextInt(3));
            default -> submit();
        }
    }

    /** Takes completions now and then, so that the agent holds some back and writes them later. */
    private void consume() {
        try {
            completions.poll((correlation, status, flags, detail, lost, payload, offset, length) -> { }, 1 + random.nextInt(8));
        } catch (final SessionEndedException e) {
            hello(); // it has scribbled over its own completions
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
        return switch (random.nextInt(mood)) {
            case 0 -> random.nextLong();
            case 1 -> -1;
            case 2 -> Long.MAX_VALUE;
            case 3 -> plausible + random.nextInt(5) - 2;
            default -> plausible;
        };
    }

    private void hello() {
        if (random.nextInt(mood) != 0) { // otherwise what broke the last session breaks the next one at once
            for (int i = 0; i < geometry.channelCount(); i++) {
                new SubmissionProducer(region.channel(i), geometry);
            }
        }
        completions = new CompletionConsumer(region.channel(0), geometry);
        header.putLong(GUEST_FEATURES, nearby(Protocol.FEATURES));
        header.putInt(GUEST_VERSION, (int)nearby(Protocol.VERSION));
        header.putInt(CONTROL_SLOT, (int)nearby(random.nextInt(geometry.slotCount())));
        header.putLongRelease(GUEST_EPOCH, nearby(random.nextLong()));
    }

    private void submit() {
        final int number = channel();
        final AtomicBuffer channel = region.channel(number);
        final long position = channel.getLongAcquire(ChannelDescriptor.SUBMISSION_HEAD) + random.nextInt(2);
        final int index = (int)position & (geometry.ringCapacity() - 1);
        final int record = geometry.submissionRing() + index * SubmissionDescriptor.LENGTH;
        final int method = random.nextInt(7);
        if (channel.getLong(record + SubmissionDescriptor.COMMIT) == position + 1 && random.nextInt(mood) != 0) {
            return; // the agent has not taken it yet: mostly leave it as it is
        }
        final boolean isControl = number == 0 && random.nextInt(3) == 0;
        channel.putLong(record + SubmissionDescriptor.CORRELATION, nearby(steps));
        channel.putInt(record + SubmissionDescriptor.OPERATION,
            (int)nearby(Protocol.operation(isControl ? 0 : 1, method)));
        channel.putInt(record + SubmissionDescriptor.FLAGS, (int)nearby(random.nextInt(3)));
        channel.putInt(record + SubmissionDescriptor.PAYLOAD_LENGTH, (int)nearby(isControl ? CONTROL_LENGTHS[method] :
            random.nextInt(geometry.payloadCapacity() + 1)));
        channel.putInt(record + SubmissionDescriptor.RESERVED, (int)nearby(0));
        channel.putLong(record + SubmissionDescriptor.DEADLINE_NS, nearby(System.nanoTime() + random.nextInt(1_000_000)));
        channel.putInt(record + SubmissionDescriptor.PAYLOAD, (int)nearby(1 + random.nextInt(geometry.channelCount() - 1)));
        channel.putInt(record + SubmissionDescriptor.PAYLOAD + 4, (int)nearby(random.nextInt(geometry.slotCount())));
        channel.putLongRelease(record + SubmissionDescriptor.COMMIT, position + 1);
    }
}
