package io.vmrpc.guest.loopback;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.error.Status;
import io.vmrpc.error.StatusException;
import io.vmrpc.error.VmrpcException;
import io.vmrpc.guest.Channel;
import io.vmrpc.guest.CompletionListener;
import io.vmrpc.guest.Waiting;
import io.vmrpc.guest.loopback.Loopback.Wait;
import io.vmrpc.guest.loopback.RunningAgent.Place;
import io.vmrpc.layout.Protocol;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.LongStream;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls of every kind, for each way to wait, to an agent here and in another process. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CallTest {
    private static final UnsafeBuffer EMPTY = new UnsafeBuffer(new byte[0]);
    private final UnsafeBuffer reply = new UnsafeBuffer(new byte[RunningAgent.GEOMETRY.payloadCapacity()]);
    @TempDir
    Path folder;
    private Loopback loopback;
    private Waiting waiting;
    private Channel channel;

    private void open(final Place place, final Wait wait) throws IOException {
        loopback = new Loopback(folder, place);
        waiting = loopback.waiting(wait);
        channel = loopback.guest.openChannel(waiting);
    }

    @AfterEach
    void close() {
        CloseHelper.closeAll(channel, waiting instanceof AutoCloseable vcpu ? vcpu : null, loopback);
    }

    @ParameterizedTest
    @CsvSource({"HERE,PARK", "HERE,SLEEP", "HERE,SPIN", "CHILD,PARK"})
    void payloadsOfAllSizesComeBack(final Place place, final Wait wait) throws IOException {
        open(place, wait);
        for (final int length : new int[]{0, 1, 8, 24, 25, 64, 255, 256}) {
            final byte[] bytes = new byte[length];
            new Random(length).nextBytes(bytes);
            assertEquals(length, channel.call(loopback.operation(TestService.ECHO), new UnsafeBuffer(bytes), 0, length, reply));
            final byte[] returned = new byte[length];
            reply.getBytes(0, returned);
            assertArrayEquals(bytes, returned);
        }
        assertThrows(IllegalArgumentException.class, () ->
            channel.call(loopback.operation(TestService.ECHO), new UnsafeBuffer(new byte[257]), 0, 257, reply));
        assertEquals(0, channel.outstanding(), "a refused request must not stay outstanding");
    }

    @ParameterizedTest
    @CsvSource({"HERE,PARK", "HERE,SLEEP", "CHILD,PARK"})
    void callWaitsForWithheldCompletion(final Place place, final Wait wait) throws IOException {
        open(place, wait);
        for (final long delayNs : new long[]{0, 1_000, 100_000, 20_000_000}) {
            final long before = System.nanoTime();
            assertEquals(8, channel.call(loopback.operation(TestService.DELAY), Loopback.number(delayNs), 0, 8, reply));
            assertTrue(System.nanoTime() - before >= delayNs, "the completion was withheld");
            assertEquals(delayNs, reply.getLong(0));
        }
    }

    @ParameterizedTest
    @CsvSource({"HERE,PARK", "HERE,SLEEP", "CHILD,PARK"})
    void subscriptionBringsEventsInOrder(final Place place, final Wait wait) throws IOException {
        open(place, wait);
        final Answers answers = new Answers();
        final long id = channel.submit(loopback.operation(TestService.PUBLISH), Protocol.SUBMIT_SUBSCRIBE, Long.MAX_VALUE, Loopback.number(10),
            0, 8, answers);
        while (!answers.last.containsKey(id)) {
            channel.await(Long.MAX_VALUE);
        }
        assertEquals(LongStream.range(0, 10).boxed().toList(), answers.events);
        assertEquals(Status.OK, answers.last.get(id).status());
        assertEquals(0, answers.last.get(id).lost());
    }

    @ParameterizedTest
    @CsvSource({"HERE,PARK", "HERE,SLEEP", "CHILD,PARK"})
    void eventsThatFindNoSpaceAreCounted(final Place place, final Wait wait) throws IOException {
        open(place, wait);
        final Answers answers = new Answers();
        final long id = channel.submit(loopback.operation(TestService.PUBLISH), Protocol.SUBMIT_SUBSCRIBE, Long.MAX_VALUE, Loopback.number(100),
            0, 8, answers);
        while (!answers.last.containsKey(id)) {
            channel.await(Long.MAX_VALUE);
        }
        assertEquals(100, answers.events.size() + answers.last.get(id).lost());
        assertEquals(answers.events.stream().sorted().distinct().toList(), answers.events, "events keep their order");
        assertFalse(answers.events.isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"HERE,PARK", "HERE,SLEEP", "CHILD,PARK"})
    void cancelledRequestCompletesWithCancelled(final Place place, final Wait wait) throws IOException {
        open(place, wait);
        final Answers answers = new Answers();
        final long id = channel.submit(loopback.operation(TestService.NEVER), 0, Long.MAX_VALUE, EMPTY, 0, 0, answers);
        assertFalse(channel.await(System.nanoTime() + 5_000_000));
        assertTrue(channel.cancel(id));
        assertTrue(channel.await(Long.MAX_VALUE));
        assertEquals(Status.CANCELLED, answers.last.get(id).status());
        assertEquals(0, channel.outstanding());
    }

    @ParameterizedTest
    @CsvSource({"HERE,PARK", "HERE,SLEEP", "CHILD,PARK"})
    void deadlineEndsCallAndRequest(final Place place, final Wait wait) throws IOException {
        open(place, wait);
        final long deadlineNs = System.nanoTime() + 20_000_000;
        final StatusException e = assertThrows(StatusException.class, () ->
            channel.call(loopback.operation(TestService.NEVER), EMPTY, 0, 0, reply, 0, deadlineNs));
        assertEquals(Status.DEADLINE_EXCEEDED, e.status());
        assertTrue(System.nanoTime() - deadlineNs >= 0, "a call must not give up early");
        final Answers answers = new Answers();
        final long id = channel.submit(loopback.operation(TestService.NEVER), 0, System.nanoTime() + 20_000_000, EMPTY, 0, 0, answers);
        while (answers.last.isEmpty()) {
            channel.await(Long.MAX_VALUE); // the agent keeps this deadline, not the guest
        }
        assertEquals(Status.DEADLINE_EXCEEDED, answers.last.get(id).status());
        assertEquals(8, channel.call(loopback.operation(TestService.ECHO), Loopback.number(7), 0, 8, reply), "the channel works on");
    }

    @ParameterizedTest
    @CsvSource({"HERE,PARK", "HERE,SLEEP", "CHILD,PARK"})
    void oneWayRequestsAllArrive(final Place place, final Wait wait) throws IOException {
        open(place, wait);
        final int count = 500;
        for (int sent = 0; sent < count;) {
            if (channel.send(loopback.operation(TestService.BLOCK), Loopback.number(0), 0, 8)) {
                sent++;
            } else {
                Thread.onSpinWait();
            }
        }
        channel.call(loopback.operation(TestService.COUNT), EMPTY, 0, 0, reply);
        assertEquals(count, reply.getLong(0), "the ring keeps their order, so the count came last");
    }

    @ParameterizedTest
    @CsvSource({"HERE,PARK", "HERE,SLEEP", "CHILD,PARK"})
    void callFindsItsWayThroughRingFullOfOneWays(final Place place, final Wait wait) throws IOException {
        open(place, wait);
        channel.send(loopback.operation(TestService.BLOCK), Loopback.number(50_000_000), 0, 8);
        int sent = 1;
        while (channel.send(loopback.operation(TestService.BLOCK), Loopback.number(50_000_000), 0, 8)) {
            sent++;
        }
        channel.call(loopback.operation(TestService.COUNT), EMPTY, 0, 0, reply);
        assertEquals(sent, reply.getLong(0));
    }

    @ParameterizedTest
    @CsvSource({"HERE,PARK", "CHILD,PARK"})
    void unknownNamesAndMethodsAreRefused(final Place place, final Wait wait) throws IOException {
        open(place, wait);
        assertEquals(Status.NOT_FOUND, assertThrows(StatusException.class, () -> loopback.guest.resolve("nobody")).status());
        final StatusException e = assertThrows(StatusException.class, () -> channel.call(Protocol.operation(999, 0), EMPTY, 0, 0, reply));
        assertEquals(Status.UNIMPLEMENTED, e.status());
        final StatusException thrown = assertThrows(StatusException.class, () -> channel.call(loopback.operation(77), EMPTY, 0, 0, reply));
        assertEquals(Status.INTERNAL, thrown.status());
    }

    @ParameterizedTest
    @CsvSource({"HERE,PARK", "HERE,SLEEP"})
    void abortedCallLeavesNothingForTheNextOne(final Place place, final Wait wait) throws IOException {
        open(place, wait);
        channel.submit(loopback.operation(TestService.DELAY), 0, Long.MAX_VALUE, Loopback.number(1_000_000), 0, 8, new CompletionListener() {
            @Override
            public void onCompletion(final long correlation, final Status status, final int detail, final boolean more, final long lost,
                final DirectBuffer payload, final int offset, final int length) {
                throw new IllegalStateException("a listener's own mistake");
            }

            @Override
            public void onFailure(final long correlation, final VmrpcException failure) {
                throw new AssertionError(failure);
            }
        });
        assertThrows(IllegalStateException.class, () ->
            channel.call(loopback.operation(TestService.DELAY), Loopback.number(30_000_000), 0, 8, reply));
        channel.call(loopback.operation(TestService.DELAY), Loopback.number(60_000_000), 0, 8, reply);
        assertEquals(60_000_000, reply.getLong(0), "the answer to the aborted call was taken for this one's");
        assertEquals(0, channel.outstanding());
    }
}
