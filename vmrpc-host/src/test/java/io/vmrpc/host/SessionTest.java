package io.vmrpc.host;

import static org.junit.jupiter.api.Assertions.*;

import io.vmrpc.error.Status;
import io.vmrpc.host.RawGuest.Completion;
import io.vmrpc.host.service.End;
import io.vmrpc.host.service.Publisher;
import io.vmrpc.host.service.Withheld;
import io.vmrpc.layout.HeaderDescriptor;
import io.vmrpc.layout.Protocol;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests of a well-behaved guest. */
@Timeout(30)
class SessionTest {
    @TempDir
    Path folder;
    private SessionFixture fixture;

    @BeforeEach
    void open() throws IOException {
        fixture = new SessionFixture(folder).open();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private static UnsafeBuffer buffer(final String text) {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void complete(final Withheld handle, final String text) {
        final UnsafeBuffer buffer = buffer(text);
        handle.complete(buffer, 0, buffer.capacity());
    }

    @Test
    void helloIsAnsweredAndTheControlSlotIsWoken() {
        final int event = fixture.guest.event(0);
        fixture.guest.hello(RawGuest.FEATURES | 1 << 20, Protocol.VERSION, 0);
        fixture.work();
        assertTrue(fixture.guest.isOpen());
        assertEquals(event + 1, fixture.guest.event(0));
        assertEquals(Protocol.FEATURES, fixture.guest.header.getLong(HeaderDescriptor.AGENT_FEATURES));
    }

    @Test
    void echoesInlineAndLongPayloads() {
        for (final int length : new int[]{0, 1, 24, 25, 128}) {
            final byte[] payload = new byte[length];
            java.util.Arrays.fill(payload, (byte)length);
            final long id = fixture.submit(ScriptedService.ECHO, payload);
            final Completion completion = fixture.single();
            assertEquals(id, completion.correlation());
            assertEquals(Status.OK, completion.status());
            assertArrayEquals(payload, completion.payload());
        }
    }

    @Test
    void aBatchCostsOneSignal() {
        final int event = fixture.guest.event(0);
        for (int i = 0; i < 5; i++) {
            fixture.submit(ScriptedService.ECHO);
        }
        fixture.work();
        assertEquals(5, fixture.guest.poll(0).size());
        assertEquals(event + 1, fixture.guest.event(0));
    }

    @Test
    void withheldRequestsCompleteInAnyOrder() {
        final long first = fixture.submit(ScriptedService.WITHHOLD);
        final long second = fixture.submit(ScriptedService.WITHHOLD);
        fixture.work();
        assertTrue(fixture.guest.poll(0).isEmpty());
        complete(fixture.service.withheld.get(1), "b");
        complete(fixture.service.withheld.get(0), "a");
        final List<Completion> taken = fixture.guest.poll(0);
        assertEquals(List.of(second, first), taken.stream().map(Completion::correlation).toList());
        assertEquals(List.of("b", "a"), taken.stream().map(Completion::text).toList());
    }

    @Test
    void aStaleHandleNeverAnswersAnotherRequest() {
        fixture.submit(ScriptedService.WITHHOLD);
        fixture.work();
        final Withheld stale = fixture.service.withheld.get(0);
        complete(stale, "a");
        final long second = fixture.submit(ScriptedService.WITHHOLD);
        fixture.work();
        assertFalse(stale.isOutstanding());
        assertThrows(IllegalStateException.class, () -> complete(stale, "x"));
        complete(fixture.service.withheld.get(1), "b");
        final List<Completion> taken = fixture.guest.poll(0);
        assertEquals("b", taken.get(1).text());
        assertEquals(second, taken.get(1).correlation());
    }

    @Test
    void aRequestIsOverWhenItsCallbackReturns() {
        fixture.submit(ScriptedService.ECHO);
        fixture.work();
        assertThrows(IllegalStateException.class, () -> fixture.service.kept.reply());
        assertThrows(IllegalStateException.class, () -> fixture.service.kept.length());
    }

    @Test
    void handlesBelongToTheShardsThread() throws InterruptedException {
        fixture.submit(ScriptedService.WITHHOLD);
        fixture.work();
        final Withheld handle = fixture.service.withheld.get(0);
        final boolean[] refused = new boolean[1];
        final Thread other = new Thread(() -> {
            try {
                handle.complete();
            } catch (final IllegalStateException e) {
                refused[0] = true;
            }
            handle.onShard(handle::complete);
        });
        other.start();
        other.join();
        assertTrue(refused[0]);
        assertEquals(Status.OK, fixture.single().status());
    }

    @Test
    void subscriptionSendsEventsAndCountsTheLostOnes() {
        final long id = fixture.guest.submit(0, Protocol.operation(1, ScriptedService.SUBSCRIBE), Protocol.SUBMIT_SUBSCRIBE);
        fixture.work();
        final Publisher publisher = fixture.service.publishers.get(0);
        int accepted = 0;
        for (int i = 0; i < 11; i++) {
            accepted += publisher.event(buffer("e" + i), 0, 2) ? 1 : 0;
        }
        assertEquals(8, accepted);
        assertEquals(3, publisher.lost());
        assertEquals(3, fixture.counters().eventsLost().get());
        assertEquals(8, fixture.guest.poll(0).size());
        assertTrue(publisher.event(buffer("e"), 0, 1));
        publisher.complete();
        final List<Completion> rest = fixture.guest.poll(0);
        assertEquals(List.of(true, false), rest.stream().map(Completion::more).toList());
        assertEquals(List.of(3L, 3L), rest.stream().map(Completion::lost).toList());
        assertEquals(id, rest.get(1).correlation());
        assertThrows(IllegalStateException.class, () -> publisher.event(buffer("e"), 0, 1));
    }

    @Test
    void onlySubscriptionsSubscribe() {
        fixture.submit(ScriptedService.SUBSCRIBE);
        assertEquals(Status.INTERNAL, fixture.single().status());
    }

    @Test
    void cancelCompletesTheNamedRequestAndTellsItsService() {
        final long id = fixture.submit(ScriptedService.WITHHOLD);
        fixture.work();
        final long cancel = fixture.guest.cancel(0, id);
        fixture.work();
        final List<Completion> taken = fixture.guest.poll(0);
        assertEquals(List.of(id, cancel), taken.stream().map(Completion::correlation).toList());
        assertEquals(List.of(Status.CANCELLED, Status.OK), taken.stream().map(Completion::status).toList());
        assertEquals(List.of(End.CANCELLED), fixture.service.ends);
        fixture.guest.cancel(0, id);
        assertEquals(Status.OK, fixture.single().status(), "what has ended is cancelled without effect");
    }

    @Test
    void deadlineCompletesAndTellsTheService() {
        final int operation = Protocol.operation(1, ScriptedService.WITHHOLD);
        fixture.guest.offer(0, 71, operation, 0, fixture.nowNs + 30);
        fixture.guest.offer(0, 72, operation, 0, fixture.nowNs + 10);
        fixture.guest.offer(0, 73, operation, 0, fixture.nowNs + 20);
        fixture.guest.offer(0, 74, operation, 0, fixture.nowNs);
        final Completion past = fixture.single();
        assertEquals(74, past.correlation());
        assertEquals(Status.DEADLINE_EXCEEDED, past.status());
        assertEquals(3, fixture.service.withheld.size(), "a request that comes too late does not reach its service");
        fixture.service.withheld.get(2).complete();
        assertEquals(73, fixture.single().correlation());
        fixture.nowNs += 10;
        assertEquals(72, fixture.single().correlation());
        fixture.nowNs += 20;
        final Completion last = fixture.single();
        assertEquals(71, last.correlation());
        assertEquals(Status.DEADLINE_EXCEEDED, last.status());
        assertEquals(List.of(End.DEADLINE, End.DEADLINE), fixture.service.ends);
    }

    @Test
    void oneWayGetsNoCompletion() {
        for (final int method : new int[]{ScriptedService.ECHO, ScriptedService.FORGET, ScriptedService.WITHHOLD, ScriptedService.THROW}) {
            fixture.guest.submit(0, Protocol.operation(1, method), Protocol.SUBMIT_ONE_WAY);
        }
        fixture.work();
        fixture.service.withheld.get(0).complete();
        assertTrue(fixture.guest.poll(0).isEmpty());
        assertEquals(4, fixture.service.oneWays);
    }

    @Test
    void brokenServicesFailTheirRequestAndNothingElse() {
        for (final int method : new int[]{ScriptedService.THROW, ScriptedService.FORGET, ScriptedService.WITHHOLD_AND_THROW,
            ScriptedService.TOO_LONG}) {
            fixture.submit(method);
            final Completion completion = fixture.single();
            assertEquals(Status.INTERNAL, completion.status(), "method " + method);
            assertTrue(completion.text().contains("scripted"), completion::text);
        }
        fixture.submit(ScriptedService.REPLY_TWICE);
        assertEquals(1, fixture.single().number());
        assertEquals(5, fixture.counters().serviceFailures().get());
        assertTrue(fixture.guest.isOpen());
    }

    @Test
    void failuresCarryDetailAndText() {
        fixture.submit(ScriptedService.FAIL);
        final Completion completion = fixture.single();
        assertEquals(Status.PERMISSION_DENIED, completion.status());
        assertEquals(13, completion.detail());
        assertEquals("not for you: ask the operator", completion.text());
        fixture.submit(ScriptedService.LONG_TEXT);
        assertEquals("ä".repeat(64), fixture.single().text());
    }

    @Test
    void unknownServiceAndMethodAreUnimplemented() {
        fixture.guest.submit(0, Protocol.operation(2, 0), 0);
        assertEquals(Status.UNIMPLEMENTED, fixture.single().status());
        fixture.guest.submit(0, Protocol.operation(0xffff, 0), 0);
        assertEquals(Status.UNIMPLEMENTED, fixture.single().status());
        fixture.guest.control(99);
        assertEquals(Status.UNIMPLEMENTED, fixture.single().status());
    }

    @Test
    void servicesAreResolvedByName() {
        fixture.guest.control(Protocol.METHOD_RESOLVE, "scripted".getBytes(StandardCharsets.UTF_8));
        assertArrayEquals(RawGuest.ints(1), fixture.single().payload());
        fixture.guest.control(Protocol.METHOD_RESOLVE, "nobody".getBytes(StandardCharsets.UTF_8));
        assertEquals(Status.NOT_FOUND, fixture.single().status());
        fixture.guest.control(Protocol.METHOD_RESOLVE, new byte[100]);
        assertEquals(Status.NOT_FOUND, fixture.single().status());
    }

    @Test
    void pingEchoes() {
        fixture.guest.control(Protocol.METHOD_PING, (byte)7, (byte)8);
        assertArrayEquals(new byte[]{7, 8}, fixture.single().payload());
    }

    @Test
    void channelsOpenAndClose() {
        fixture.guest.openChannel(2, 1);
        assertEquals(Status.OK, fixture.single().status());
        final int event = fixture.guest.event(1);
        final long id = fixture.guest.submit(2, Protocol.operation(1, ScriptedService.WITHHOLD), 0);
        fixture.work();
        fixture.guest.control(Protocol.METHOD_CLOSE_CHANNEL, RawGuest.ints(2));
        assertEquals(Status.OK, fixture.single().status());
        final Completion cancelled = fixture.guest.poll(2).get(0);
        assertEquals(id, cancelled.correlation());
        assertEquals(Status.CANCELLED, cancelled.status());
        assertEquals(event + 1, fixture.guest.event(1));
        assertEquals(List.of(End.CANCELLED), fixture.service.ends);
        fixture.guest.control(Protocol.METHOD_CLOSE_CHANNEL, RawGuest.ints(2));
        assertEquals(Status.NOT_FOUND, fixture.single().status());
        fixture.guest.openChannel(2, Protocol.NO_SLOT);
        assertEquals(Status.OK, fixture.single().status());
        fixture.guest.submit(2, Protocol.operation(1, ScriptedService.ECHO), 0, (byte)5);
        fixture.work();
        assertArrayEquals(new byte[]{5}, fixture.guest.poll(2).get(0).payload());
    }

    @Test
    void anOpenChannelIsNotOpenedAgain() {
        fixture.guest.control(Protocol.METHOD_OPEN_CHANNEL, RawGuest.ints(1, 0));
        assertEquals(Status.OK, fixture.single().status());
        fixture.guest.control(Protocol.METHOD_OPEN_CHANNEL, RawGuest.ints(1, 0));
        assertEquals(Status.FAILED_PRECONDITION, fixture.single().status());
    }

    @Test
    void aNewHelloReplacesTheSession() {
        fixture.submit(ScriptedService.WITHHOLD);
        fixture.work();
        final Withheld old = fixture.service.withheld.get(0);
        fixture.guest.hello();
        fixture.work();
        assertTrue(fixture.guest.isOpen());
        assertEquals(List.of(End.SESSION), fixture.service.ends);
        assertEquals(List.of(old.session()), fixture.service.ended);
        assertThrows(IllegalStateException.class, old::complete);
        fixture.submit(ScriptedService.COUNT, new byte[3]);
        assertEquals(3, fixture.single().number());
    }

    @Test
    void aListenerThatThrowsDoesNotKeepTheOthersFromBeingEnded() {
        for (int i = 0; i < 3; i++) {
            fixture.submit(ScriptedService.WITHHOLD);
        }
        fixture.work();
        fixture.service.withheld.get(1).onEnd((handle, why) -> {
            throw new IllegalStateException("as asked");
        });
        fixture.guest.leave();
        fixture.work();
        assertEquals(List.of(End.SESSION, End.SESSION), fixture.service.ends);
        assertTrue(fixture.service.withheld.stream().noneMatch(Withheld::isOutstanding));
    }

    @Test
    void aHandleIsUsedAgainWhenItsRequestHasEnded() {
        final Withheld own = new Withheld();
        fixture.service.own = own;
        fixture.submit(ScriptedService.WITHHOLD_OWN);
        fixture.work();
        fixture.submit(ScriptedService.WITHHOLD_OWN);
        assertEquals(Status.INTERNAL, fixture.single().status(), "it still belongs to the first request");
        own.complete();
        assertEquals(Status.OK, fixture.single().status());
        fixture.submit(ScriptedService.WITHHOLD_OWN);
        fixture.work();
        own.complete();
        assertEquals(Status.OK, fixture.single().status());
    }

    @Test
    void aGuestThatLeavesFreesEverything() {
        fixture.submit(ScriptedService.WITHHOLD);
        fixture.work();
        fixture.guest.leave();
        fixture.work();
        assertEquals(Protocol.SESSION_NONE, fixture.guest.status());
        assertEquals(List.of(End.SESSION), fixture.service.ends);
        assertEquals(1, fixture.service.ended.size());
    }
}
