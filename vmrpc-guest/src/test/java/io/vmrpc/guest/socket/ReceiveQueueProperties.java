package io.vmrpc.guest.socket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.agrona.concurrent.UnsafeBuffer;

/** Queues against models: bytes and datagrams come out as they went in, whatever the order of both. */
class ReceiveQueueProperties {
    @Property(tries = 500)
    void bytesComeOutInOrder(@ForAll @Size(max = 60) final List<@IntRange(min = -20_000, max = 20_000) Integer> steps) {
        final ReceiveQueue queue = new ReceiveQueue();
        long in = 0;
        long out = 0;
        for (final int step : steps) {
            final byte[] bytes = new byte[Math.abs(step)];
            if (step >= 0) {
                for (int i = 0; i < step; i++) {
                    bytes[i] = (byte)in++;
                }
                queue.append(new UnsafeBuffer(bytes), 0, step);
            } else {
                final int taken = queue.take(new UnsafeBuffer(bytes), 0, -step);
                assertEquals(Math.min(-step, in - out), taken);
                for (int i = 0; i < taken; i++) {
                    assertEquals((byte)out++, bytes[i]);
                }
            }
            assertEquals(in - out, queue.size());
        }
    }

    @Property(tries = 500)
    void memoryIsBoundedByTwiceWhatWasQueued(@ForAll @IntRange(min = 1, max = 5_000) final int length) {
        final ReceiveQueue queue = new ReceiveQueue();
        final UnsafeBuffer bytes = new UnsafeBuffer(new byte[length]);
        queue.append(bytes, 0, length);
        for (int i = 0; i < 1_000; i++) {
            queue.append(bytes, 0, length);
            assertEquals(length, queue.take(bytes, 0, length));
        }
        final int most = Math.max(4096, Integer.highestOneBit(4 * length));
        assertEquals(true, queue.buffer().capacity() <= most, () -> "capacity=" + queue.buffer().capacity() + " most=" + most);
    }

    @Property(tries = 500)
    void datagramsStayWholeAndCostTheirRecords(@ForAll @Size(max = 40) final List<@IntRange(min = -1, max = 3_000) Integer> steps,
        @ForAll @IntRange(min = 1, max = 700) final int fragment) {
        final DatagramQueue queue = new DatagramQueue();
        final Queue<byte[]> model = new ArrayDeque<>();
        final UnsafeBuffer address = new UnsafeBuffer(new byte[24]);
        int number = 0;
        for (final int step : steps) {
            if (step < 0) {
                takeOne(queue, model, fragment);
                continue;
            }
            final byte[] bytes = new byte[step];
            Arrays.fill(bytes, (byte)++number);
            final UnsafeBuffer record = new UnsafeBuffer(new byte[24 + fragment]);
            for (int sent = 0; sent == 0 || sent < step; sent += fragment) {
                final int count = Math.min(fragment, step - sent);
                record.putBytes(24, bytes, sent, count);
                record.putBytes(0, address, 0, 24);
                queue.add(record, sent == 0 ? 0 : -1, 24, count, sent + count < step);
                assertEquals(model.isEmpty() && sent + count < step, queue.isEmpty(), "a part was taken for a datagram");
            }
            model.add(bytes);
        }
        while (!model.isEmpty()) {
            takeOne(queue, model, fragment);
        }
        assertEquals(true, queue.isEmpty());
    }

    private static void takeOne(final DatagramQueue queue, final Queue<byte[]> model, final int fragment) {
        assertEquals(model.isEmpty(), queue.isEmpty());
        if (!model.isEmpty()) {
            final byte[] expected = model.remove();
            final byte[] actual = new byte[queue.length()];
            queue.buffer().getBytes(queue.offset(), actual);
            assertArrayEquals(expected, actual);
            final int records = Math.max(1, (expected.length + fragment - 1) / fragment);
            assertEquals(expected.length + 64 * records, queue.remove());
        }
    }
}
