package io.vmrpc.host;

import static org.junit.jupiter.api.Assertions.*;

import io.vmrpc.error.ProtocolViolation.Rule;
import io.vmrpc.error.Status;
import io.vmrpc.host.service.End;
import io.vmrpc.layout.Protocol;
import io.vmrpc.layout.SubmissionDescriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each rule broken once: the session ends with its reason, everything is freed, other sessions and the next hello are served. */
@Timeout(30)
class ViolationTest {
    @TempDir
    Path folder;
    private SessionFixture fixture;
    private RawGuest neighbour;

    @BeforeEach
    void open() throws IOException {
        fixture = new SessionFixture(folder).open();
        neighbour = new RawGuest(folder.resolve("other"));
        neighbour.hello();
        fixture.work();
    }

    @AfterEach
    void close() {
        neighbour.close();
        fixture.close();
    }

    private void assertEnded(final Rule rule) {
        final int event = fixture.guest.event(0);
        fixture.work();
        assertEquals(Protocol.SESSION_ENDED, fixture.guest.status());
        assertEquals(rule.ordinal(), fixture.guest.reason());
        assertNotEquals(event, fixture.guest.event(0), "the session's slots are woken");
        assertEquals(1, fixture.counters().violations().get());
        assertEquals(1, fixture.service.ended.size());
        assertNothingIsReadUntilTheNextHello();
        neighbour.submit(0, Protocol.operation(1, ScriptedService.ECHO), 0, (byte)1);
        fixture.work();
        assertEquals(1, neighbour.poll(0).size(), "the other session goes on");
    }

    private void assertNothingIsReadUntilTheNextHello() {
        final long requests = fixture.counters().requests().get();
        fixture.guest.hello();
        fixture.work();
        assertTrue(fixture.guest.isOpen());
        assertEquals(requests, fixture.counters().requests().get());
        fixture.submit(ScriptedService.ECHO);
        assertEquals(Status.OK, fixture.single().status());
    }

    @ParameterizedTest
    @ValueSource(ints = {129, -1, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void length(final int length) {
        fixture.submit(ScriptedService.ECHO);
        fixture.guest.corrupt(0, 0, SubmissionDescriptor.PAYLOAD_LENGTH, length);
        assertEnded(Rule.LENGTH);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, -1, Integer.MIN_VALUE})
    void flags(final int flags) {
        fixture.guest.submit(0, Protocol.operation(1, ScriptedService.ECHO), flags);
        assertEnded(Rule.FLAGS);
    }

    @Test
    void reserved() {
        fixture.submit(ScriptedService.ECHO);
        fixture.guest.corrupt(0, 0, SubmissionDescriptor.RESERVED, 1);
        assertEnded(Rule.RESERVED);
    }

    @Test
    void correlation() {
        final long id = fixture.submit(ScriptedService.WITHHOLD);
        fixture.guest.offer(0, id, Protocol.operation(1, ScriptedService.ECHO), 0, Protocol.NO_DEADLINE);
        assertEnded(Rule.CORRELATION);
        assertEquals(List.of(End.SESSION), fixture.service.ends);
        assertFalse(fixture.service.withheld.get(0).isOutstanding());
    }

    @Test
    void correlationOfACompletionHeldBack() {
        for (int i = 0; i < 9; i++) {
            fixture.guest.offer(0, i, Protocol.operation(1, ScriptedService.ECHO), 0, Protocol.NO_DEADLINE);
            fixture.work();
        }
        fixture.guest.offer(0, 8, Protocol.operation(1, ScriptedService.ECHO), 0, Protocol.NO_DEADLINE);
        assertEnded(Rule.CORRELATION);
    }

    @ParameterizedTest
    @ValueSource(longs = {9, -1, Long.MIN_VALUE, Long.MAX_VALUE})
    void completionHeadBeyondWhatWasCompleted(final long head) {
        fillCompletions();
        fixture.guest.completionHead(0, head);
        fixture.submit(ScriptedService.ECHO);
        assertEnded(Rule.COMPLETION_HEAD);
    }

    @Test
    void completionHeadBackwards() {
        fillCompletions();
        fixture.guest.completionHead(0, 4);
        for (int i = 0; i < 4; i++) {
            fixture.submit(ScriptedService.ECHO);
        }
        fixture.work();
        fixture.guest.completionHead(0, 3);
        fixture.submit(ScriptedService.ECHO);
        assertEnded(Rule.COMPLETION_HEAD);
    }

    @Test
    void completionHeadSeenInAServicesAnswerOutsideATurn() {
        fixture.submit(ScriptedService.WITHHOLD);
        fillCompletions();
        fixture.guest.completionHead(0, 99);
        fixture.agent.shard(0).execute(fixture.service.withheld.get(0)::complete);
        assertEnded(Rule.COMPLETION_HEAD);
    }

    private void fillCompletions() {
        for (int i = 0; i < 8; i++) {
            fixture.submit(ScriptedService.ECHO);
            fixture.work();
        }
        assertTrue(fixture.guest.isOpen());
    }

    @ParameterizedTest
    @CsvSource({"0,0", "4,0", "-1,0", "1,2", "1,-2", "1,2147483647"})
    void controlOpensWhatIsNotThere(final int channel, final int slot) {
        fixture.guest.control(Protocol.METHOD_OPEN_CHANNEL, RawGuest.ints(channel, slot));
        assertEnded(Rule.CONTROL);
    }

    @ParameterizedTest
    @CsvSource({"1,7", "1,9", "1,0", "2,0", "2,5", "3,0", "3,4"})
    void controlLengths(final int method, final int length) {
        fixture.guest.control(method, new byte[length]);
        assertEnded(Rule.CONTROL);
    }

    @Test
    void controlOnAnotherChannel() {
        fixture.guest.openChannel(1, 0);
        fixture.work();
        fixture.guest.submit(1, Protocol.operation(0, Protocol.METHOD_CLOSE_CHANNEL), 0, RawGuest.ints(1));
        assertEnded(Rule.CONTROL);
    }

    @Test
    void versionIsRefused() {
        fixture.guest.hello(RawGuest.FEATURES, 2 << 16, 0);
        assertRefused(Rule.VERSION);
    }

    @Test
    void aHigherMinorVersionIsAccepted() {
        fixture.guest.hello(RawGuest.FEATURES, 1 << 16 | 99, 0);
        fixture.work();
        assertTrue(fixture.guest.isOpen());
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 47, 63})
    void demandedFeatureIsRefused(final int bit) {
        fixture.guest.hello(1L << bit, Protocol.VERSION, 0);
        assertRefused(Rule.FEATURES);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, -2, Integer.MAX_VALUE})
    void controlSlotIsRefused(final int slot) {
        fixture.guest.hello(RawGuest.FEATURES, Protocol.VERSION, slot);
        assertRefused(Rule.CONTROL);
    }

    private void assertRefused(final Rule rule) {
        fixture.work();
        assertEquals(Protocol.SESSION_REFUSED, fixture.guest.status());
        assertEquals(rule.ordinal(), fixture.guest.reason());
        assertEquals(1, fixture.counters().violations().get());
        assertNothingIsReadUntilTheNextHello();
    }
}
