package io.vmrpc.host;

import static io.vmrpc.layout.HeaderDescriptor.*;

import io.vmrpc.error.Status;
import io.vmrpc.layout.ChannelDescriptor;
import io.vmrpc.layout.Protocol;
import io.vmrpc.layout.SlotDescriptor;
import io.vmrpc.layout.SubmissionDescriptor;
import io.vmrpc.region.Region;
import io.vmrpc.ring.CompletionConsumer;
import io.vmrpc.ring.SubmissionProducer;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A guest that speaks the protocol over the mapped region and can break every rule of it. Never parks. */
final class RawGuest implements AutoCloseable {
    static final long FEATURES = Protocol.FEATURES;

    /** A completion as it came. */
    record Completion(long correlation, Status status, boolean more, int detail, long lost, byte[] payload) {
        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        long number() {
            return new UnsafeBuffer(payload).getLong(0, ByteOrder.LITTLE_ENDIAN);
        }
    }

    final Region region;
    final AtomicBuffer header;
    private final SubmissionProducer[] submissions;
    private final CompletionConsumer[] completions;
    private long epoch = System.nanoTime() | 1;
    private long correlation;

    RawGuest(final Path path) throws IOException {
        region = Region.open(path);
        header = region.header();
        submissions = new SubmissionProducer[region.geometry().channelCount()];
        completions = new CompletionConsumer[region.geometry().channelCount()];
    }

    /** Zeroes channel 0 and says hello with a new epoch. */
    void hello(final long features, final int version, final int slot) {
        prepare(0);
        header.putLong(GUEST_FEATURES, features);
        header.putInt(GUEST_VERSION, version);
        header.putInt(CONTROL_SLOT, slot);
        epoch += 2;
        header.putLongRelease(GUEST_EPOCH, epoch);
    }

    void hello() {
        hello(FEATURES, Protocol.VERSION, 0);
    }

    void leave() {
        header.putLongRelease(GUEST_EPOCH, 0);
    }

    void prepare(final int channel) {
        submissions[channel] = new SubmissionProducer(region.channel(channel), region.geometry());
        completions[channel] = new CompletionConsumer(region.channel(channel), region.geometry());
    }

    boolean isOpen() {
        return header.getIntAcquire(SESSION_STATUS) == Protocol.SESSION_OPEN && header.getLong(SESSION_EPOCH) == epoch;
    }

    int status() {
        return header.getIntAcquire(SESSION_STATUS);
    }

    int reason() {
        return header.getInt(SESSION_REASON);
    }

    int event(final int slot) {
        return region.slot(slot).getIntAcquire(SlotDescriptor.EVENT);
    }

    int blocked(final int channel) {
        return region.channel(channel).getIntAcquire(ChannelDescriptor.COMPLETION_BLOCKED);
    }

    boolean offer(final int channel, final long id, final int operation, final int flags, final long deadlineNs, final byte... payload) {
        return submissions[channel].offer(id, operation, flags, deadlineNs, new UnsafeBuffer(payload), 0, payload.length);
    }

    /** Submits with a correlation id of its own, which it answers. */
    long submit(final int channel, final int operation, final int flags, final byte... payload) {
        final long id = ++correlation;
        if (!offer(channel, id, operation, flags, Protocol.NO_DEADLINE, payload)) {
            throw new IllegalStateException("the submission ring is full");
        }
        return id;
    }

    long control(final int method, final byte... payload) {
        return submit(0, Protocol.operation(Protocol.SERVICE_SESSION, method), 0, payload);
    }

    long openChannel(final int channel, final int slot) {
        prepare(channel);
        return control(Protocol.METHOD_OPEN_CHANNEL, ints(channel, slot));
    }

    long cancel(final int channel, final long id) {
        return submit(channel, Protocol.operation(Protocol.SERVICE_SESSION, Protocol.METHOD_CANCEL), 0, bytes(id));
    }

    /** Overwrites an int of a submission record, as only a hostile guest does. */
    void corrupt(final int channel, final int record, final int field, final int value) {
        region.channel(channel).putInt(region.geometry().submissionRing() + record * SubmissionDescriptor.LENGTH + field, value);
    }

    void completionHead(final int channel, final long value) {
        region.channel(channel).putLongRelease(ChannelDescriptor.COMPLETION_HEAD, value);
    }

    List<Completion> poll(final int channel) {
        final List<Completion> taken = new ArrayList<>();
        completions[channel].poll((id, status, flags, detail, lost, payload, offset, length) -> {
            final byte[] bytes = new byte[length];
            payload.getBytes(offset, bytes);
            taken.add(new Completion(id, Status.of(status), (flags & Protocol.COMPLETE_MORE) != 0, detail, lost, bytes));
        }, Integer.MAX_VALUE);
        return taken;
    }

    static byte[] ints(final int... values) {
        final byte[] bytes = new byte[4 * values.length];
        for (int i = 0; i < values.length; i++) {
            new UnsafeBuffer(bytes).putInt(4 * i, values[i], ByteOrder.LITTLE_ENDIAN);
        }
        return bytes;
    }

    static byte[] bytes(final long value) {
        final byte[] bytes = new byte[8];
        new UnsafeBuffer(bytes).putLong(0, value, ByteOrder.LITTLE_ENDIAN);
        return bytes;
    }

    @Override
    public void close() {
        region.close();
    }
}
