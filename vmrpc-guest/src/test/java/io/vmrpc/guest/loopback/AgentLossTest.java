package io.vmrpc.guest.loopback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.error.AgentLostException;
import io.vmrpc.error.ConnectException;
import io.vmrpc.guest.Channel;
import io.vmrpc.guest.GuestContext;
import io.vmrpc.guest.RealTimeVcpu;
import io.vmrpc.guest.VmTimer;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.guest.Waiting;
import io.vmrpc.guest.loopback.Loopback.Wait;
import io.vmrpc.guest.loopback.RunningAgent.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Agents that go away, here in good order, in a child by SIGKILL; and roles that are taken. */
@Timeout(value = 50, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // shorter than the 60 s that bound a park: a guest must not need them
class AgentLossTest {
    private static final UnsafeBuffer EMPTY = new UnsafeBuffer(new byte[0]);
    private final UnsafeBuffer reply = new UnsafeBuffer(new byte[RunningAgent.GEOMETRY.payloadCapacity()]);
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"HERE,PARK", "HERE,SLEEP", "HERE,SPIN", "CHILD,PARK", "CHILD,SLEEP"})
    void callInProgressFailsAndNothingIsReplayed(final Place place, final Wait wait) throws IOException {
        try (Loopback loopback = new Loopback(folder, place)) {
            final Waiting waiting = loopback.waiting(wait);
            final Channel channel = loopback.guest.openChannel(waiting);
            final Answers answers = new Answers();
            final long other = channel.submit(loopback.operation(TestService.NEVER), 0, Long.MAX_VALUE, EMPTY, 0, 0, answers);
            final CompletableFuture<Void> kill = CompletableFuture.runAsync(loopback::stopAgent,
                CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS));
            assertThrows(AgentLostException.class, () -> channel.call(loopback.operation(TestService.NEVER), EMPTY, 0, 0, reply));
            kill.join();
            assertInstanceOf(AgentLostException.class, answers.failures.get(other));
            loopback.restartAgent();
            assertThrows(AgentLostException.class, () -> channel.call(loopback.operation(TestService.ECHO), EMPTY, 0, 0, reply),
                "a channel of the old session stays failed");
            try (Channel fresh = loopback.guest.openChannel(waiting)) {
                fresh.call(loopback.operation(TestService.COUNT), EMPTY, 0, 0, reply);
                assertEquals(0, reply.getLong(0), "the new agent was sent a request of the old session");
            }
            CloseHelper.close(waiting instanceof AutoCloseable vcpu ? vcpu : null);
        }
    }

    @ParameterizedTest
    @EnumSource(Place.class)
    void timersNeedNoAgent(final Place place) throws IOException {
        try (Loopback loopback = new Loopback(folder, place); RealTimeVcpu vcpu = loopback.vcpu()) {
            loopback.stopAgent();
            final long startNs = System.nanoTime();
            final VmTimer timer = new VmTimer(vcpu).periodic(startNs + 1_000_000, 1_000_000);
            long expired = 0;
            while (expired < 50) {
                expired += timer.await();
                assertTrue(System.nanoTime() - timer.scheduledNs() >= 0, "a timer must not expire early");
                assertEquals(startNs + expired * 1_000_000, timer.scheduledNs(), "the schedule is absolute");
            }
            assertTrue(vcpu.parks() > 0, "the timer parks");
        }
    }

    @Test
    void secondGuestIsRefused() throws IOException {
        try (Loopback loopback = new Loopback(folder, Place.HERE)) {
            final ConnectException e = assertThrows(ConnectException.class, () ->
                VmrpcGuest.connect(new GuestContext().region(loopback.region)));
            assertTrue(e.getMessage().contains("already has a guest"), e.getMessage());
        }
    }

    @ParameterizedTest
    @EnumSource(Place.class)
    void secondAgentIsRefused(final Place place) throws IOException {
        try (Loopback loopback = new Loopback(folder, place)) {
            final IOException e = assertThrows(IOException.class, () -> RunningAgent.launch(loopback.region));
            assertTrue(e.getMessage().contains("already has an agent"), e.getMessage());
            try (Channel channel = loopback.guest.openChannel(Waiting.sleeping())) {
                channel.call(loopback.operation(TestService.ECHO), EMPTY, 0, 0, reply);
            }
        }
    }
}
