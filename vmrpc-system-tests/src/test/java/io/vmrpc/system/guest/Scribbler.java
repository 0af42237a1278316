package io.vmrpc.system.guest;

import io.vmrpc.layout.ChannelDescriptor;
import io.vmrpc.layout.Geometry;
import io.vmrpc.layout.HeaderDescriptor;
import io.vmrpc.layout.Protocol;
import io.vmrpc.layout.SlotDescriptor;
import io.vmrpc.layout.SubmissionDescriptor;
import io.vmrpc.natives.CpuSet;
import io.vmrpc.natives.Native;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A hostile guest: {@code RESOURCE SECONDS SEED}. On each of two CPUs a thread writes at random over the whole BAR and executes hypercalls. It has the
 * manners to put the header back at the end, from the copy it took: that is the recovery, since the identity belongs to nobody but the region's creator.
 */
public final class Scribbler {
    private static final Geometry GEOMETRY = Geometry.DEFAULT;
    private static final int SLOTS_END = 64 << 10; // header, slots and the first channel's lines: where it hurts
    private final UnsafeBuffer region;
    private final long end;

    private Scribbler(UnsafeBuffer region, long end) {
        this.region = region;
        this.end = end;
    }

    /** The program. */
    public static void main(String[] arguments) throws InterruptedException {
        int fd = Native.vmrpc_device_open(Path.of(arguments[0]).toString());
        long length = Native.vmrpc_file_size(fd);
        UnsafeBuffer region = new UnsafeBuffer(Native.vmrpc_map(fd, length), (int) length);
        byte[] header = new byte[Protocol.PAGE];
        region.getBytes(0, header);
        Scribbler scribbler = new Scribbler(region, System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[1])));
        long seed = Long.parseLong(arguments[2]);
        Thread other = new Thread(() -> scribbler.run(1, seed + 1));
        other.start();
        scribbler.run(0, seed);
        other.join();
        GuestProgram.say("scribbled magic=%x", region.getLong(0));
        if (arguments.length > 3) {
            return; // leaves the ruins
        }
        for (int slot = 0; slot < 8; slot++) {
            region.putInt(Protocol.PAGE + slot * SlotDescriptor.LENGTH + SlotDescriptor.ARMED, 0);
        }
        region.putBytes(0, header);
        region.putInt(HeaderDescriptor.SLEEPING, 1); // the agent may have fallen asleep since the copy: a doorbell too many does no harm
        GuestProgram.say("restored magic=%x", region.getLong(0));
    }

    /** Mere rubbish never gets a session: so ask for one properly, and break it from inside. */
    private void hello(SplittableRandom random) {
        region.putLong(HeaderDescriptor.GUEST_FEATURES, Protocol.FEATURES);
        region.putInt(HeaderDescriptor.GUEST_VERSION, Protocol.VERSION);
        region.putInt(HeaderDescriptor.CONTROL_SLOT, random.nextInt(-1, 2));
        region.putLongRelease(HeaderDescriptor.GUEST_EPOCH, random.nextLong());
    }

    /** A few records that are nearly right, where the agent looks next. */
    private void submit(SplittableRandom random) {
        int channel = GEOMETRY.channelOffset(random.nextInt(8) == 0 ? random.nextInt(GEOMETRY.channelCount()) : 0);
        long head = region.getLong(channel + ChannelDescriptor.SUBMISSION_HEAD);
        for (long position = head; position < head + 8; position++) {
            int record = channel + GEOMETRY.submissionRing() + (int) (position & GEOMETRY.ringCapacity() - 1) * SubmissionDescriptor.LENGTH;
            region.putLong(record + SubmissionDescriptor.CORRELATION, random.nextLong(1000));
            region.putInt(record + SubmissionDescriptor.OPERATION, Protocol.operation(random.nextInt(4), random.nextInt(6)));
            region.putInt(record + SubmissionDescriptor.FLAGS, random.nextInt(random.nextInt(16) == 0 ? 8 : 3));
            region.putInt(record + SubmissionDescriptor.PAYLOAD_LENGTH, random.nextInt(random.nextInt(16) == 0 ? 4096 : 30));
            region.putInt(record + SubmissionDescriptor.RESERVED, 0);
            region.putLong(record + SubmissionDescriptor.DEADLINE_NS, random.nextBoolean() ? Protocol.NO_DEADLINE : random.nextLong());
            region.putLongRelease(record + SubmissionDescriptor.COMMIT, position + 1);
        }
    }

    private void run(int cpu, long seed) {
        CpuSet.of(cpu).applyTo(0);
        SplittableRandom random = new SplittableRandom(seed);
        long writes = 0;
        long hypercalls = 0;
        while (System.nanoTime() - end < 0) {
            for (int i = 0; i < 64; i++, writes++) {
                scribble(random);
            }
            switch (random.nextInt(8)) {
                case 0, 1 -> arm(random);
                case 2 -> hello(random);
                case 3, 4, 5 -> submit(random);
                default -> { }
            }
            hypercalls++;
            if (random.nextBoolean()) {
                Native.vmrpc_park(Protocol.INSTRUCTION_NOP, 0);
            } else {
                Native.vmrpc_doorbell(Protocol.INSTRUCTION_NOP);
            }
        }
        GuestProgram.say("cpu=%d writes=%d hypercalls=%d", cpu, writes, hypercalls);
    }

    private void scribble(SplittableRandom random) {
        int limit = random.nextInt(3) == 0 ? region.capacity() : SLOTS_END;
        int offset = random.nextInt(limit - Long.BYTES) & -(1 << random.nextInt(4));
        switch (random.nextInt(4)) {
            case 0 -> region.putByte(offset, (byte) random.nextInt());
            case 1 -> region.putInt(offset & -4, random.nextInt(-2, 3));
            case 2 -> region.putLong(offset & -8, random.nextLong());
            default -> region.putLong(offset & -8, random.nextLong(64)); // plausible positions, lengths and statuses
        }
    }

    /** A park that is wanted, with a deadline near enough for the program to go on. */
    private void arm(SplittableRandom random) {
        int slot = Protocol.PAGE + random.nextInt(2) * SlotDescriptor.LENGTH;
        region.putInt(slot + SlotDescriptor.EXPECTED, region.getInt(slot + SlotDescriptor.EVENT));
        long soon = region.getLong(slot + SlotDescriptor.RETURNED_NS) + random.nextLong(5_000_000);
        region.putLong(slot + SlotDescriptor.DEADLINE_NS, random.nextInt(64) == 0 ? random.nextLong() : soon);
        region.putInt(slot + SlotDescriptor.FLAGS, random.nextInt(4));
        region.putInt(slot + SlotDescriptor.ARMED, 1);
    }
}
