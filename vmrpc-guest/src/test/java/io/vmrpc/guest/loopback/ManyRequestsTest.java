package io.vmrpc.guest.loopback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.error.Status;
import io.vmrpc.guest.Channel;
import io.vmrpc.guest.Waiting;
import io.vmrpc.guest.loopback.Loopback.Wait;
import io.vmrpc.guest.loopback.RunningAgent.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Many requests outstanding, many threads, and the handshake under stress. Seeds are printed; set {@code vmrpc.seed} to repeat one. */
@Timeout(value = 100, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ManyRequestsTest {
    private static final int REQUESTS = 4_000;
    private static final long STRESS_NS = TimeUnit.SECONDS.toNanos(Boolean.getBoolean("vmrpc.full") ? 60 : 3);
    private static final long STUCK_NS = TimeUnit.SECONDS.toNanos(20);
    @TempDir
    Path folder;

    private static long seed(final String test) {
        final long seed = Long.getLong("vmrpc.seed", new Random().nextLong());
        System.out.println(test + ": -Dvmrpc.seed=" + seed);
        return seed;
    }

    @ParameterizedTest
    @CsvSource({"HERE,PARK", "HERE,SLEEP", "CHILD,PARK"})
    void eachRequestGetsItsOwnAnswer(final Place place, final Wait wait) throws IOException {
        final SplittableRandom random = new SplittableRandom(seed("eachRequestGetsItsOwnAnswer"));
        try (Loopback loopback = new Loopback(folder, place)) {
            final Waiting waiting = loopback.waiting(wait);
            submitAll(loopback, waiting, random);
            CloseHelper.close(waiting instanceof AutoCloseable vcpu ? vcpu : null);
        }
    }

    private static void submitAll(final Loopback loopback, final Waiting waiting, final SplittableRandom random) {
        final Answers answers = new Answers();
        final Map<Long, byte[]> sent = new HashMap<>();
        final List<Long> order = new ArrayList<>();
        try (Channel channel = loopback.guest.openChannel(waiting)) {
            while (answers.last.size() < REQUESTS) {
                if (sent.size() < REQUESTS) {
                    final byte[] bytes = new byte[random.nextInt(Long.BYTES, RunningAgent.GEOMETRY.payloadCapacity() + 1)];
                    random.nextBytes(bytes);
                    final UnsafeBuffer payload = new UnsafeBuffer(bytes);
                    payload.putLong(0, random.nextLong(300_000));
                    final long id = channel.submit(loopback.operation(TestService.DELAY), 0, Long.MAX_VALUE,
                        payload, 0, bytes.length, answers);
                    if (id != Channel.FULL) {
                        order.add(id);
                        sent.put(id, bytes);
                        continue;
                    }
                }
                assertTrue(channel.await(System.nanoTime() + STUCK_NS), () -> channel.outstanding() + " requests are stuck");
            }
            assertEquals(0, channel.outstanding());
        }
        answers.last.forEach((id, answer) -> {
            assertEquals(Status.OK, answer.status());
            assertEquals(new UnsafeBuffer(sent.get(id)), new UnsafeBuffer(answer.payload()));
        });
        assertNotEquals(order, answers.order, "random delays must mix the order of completion");
    }

    @ParameterizedTest
    @EnumSource(Place.class)
    void fourThreadsHaveAChannelEach(final Place place) throws Exception {
        final long seed = seed("fourThreadsHaveAChannelEach");
        try (Loopback loopback = new Loopback(folder, place)) {
            final ExecutorService threads = Executors.newCachedThreadPool();
            final List<Future<Long>> ends = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                final Wait wait = i == 3 ? Wait.SLEEP : Wait.PARK;
                final SplittableRandom random = new SplittableRandom(seed + i);
                ends.add(threads.submit(() -> callFor(loopback, wait, random)));
            }
            for (final Future<Long> end : ends) {
                assertTrue(end.get(90, TimeUnit.SECONDS) > 0);
            }
            threads.shutdown();
        }
    }

    /**
     * Calls with delays around the time that it takes to park, so that completion, arming and parking race in every way. A lost
     * wake-up would end only by the call's deadline and fail the test.
     */
    private static long callFor(final Loopback loopback, final Wait wait, final SplittableRandom random) {
        final UnsafeBuffer reply = new UnsafeBuffer(new byte[Long.BYTES]);
        final Waiting waiting = loopback.waiting(wait);
        final long endNs = System.nanoTime() + STRESS_NS;
        long calls = 0;
        try (Channel channel = loopback.guest.openChannel(waiting)) {
            while (System.nanoTime() - endNs < 0) {
                final int method = random.nextInt(3) == 0 ? TestService.ECHO : TestService.DELAY;
                final long delayNs = random.nextLong(1L << random.nextInt(1, 18));
                assertEquals(Long.BYTES, channel.call(loopback.operation(method), Loopback.number(delayNs), 0, Long.BYTES, reply, 0,
                    System.nanoTime() + STUCK_NS));
                assertEquals(delayNs, reply.getLong(0));
                calls++;
            }
        }
        CloseHelper.close(waiting instanceof AutoCloseable vcpu ? vcpu : null);
        return calls;
    }
}
