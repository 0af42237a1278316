package io.vmrpc.host;

import static org.junit.jupiter.api.Assertions.*;

import io.vmrpc.error.Status;
import io.vmrpc.host.RawGuest.Completion;
import io.vmrpc.host.session.Quotas;
import io.vmrpc.layout.ChannelDescriptor;
import io.vmrpc.layout.Protocol;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a guest gets that asks for more than its quota, or does not take its completions. */
@Timeout(30)
class QuotaTest {
    @TempDir
    Path folder;
    private SessionFixture fixture;

    private void open(final Quotas quotas) throws IOException {
        fixture = new SessionFixture(folder, quotas).open();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void channels() throws IOException {
        open(new Quotas(2, 8, 8, 1000));
        fixture.guest.openChannel(1, 0);
        assertEquals(Status.OK, fixture.single().status());
        fixture.guest.openChannel(2, 0);
        assertEquals(Status.RESOURCE_EXHAUSTED, fixture.single().status());
        fixture.guest.control(Protocol.METHOD_CLOSE_CHANNEL, RawGuest.ints(1));
        assertEquals(Status.OK, fixture.single().status());
        fixture.guest.openChannel(2, 0);
        assertEquals(Status.OK, fixture.single().status());
    }

    @Test
    void outstandingRequests() throws IOException {
        open(new Quotas(4, 2, 8, 1000));
        final long first = fixture.submit(ScriptedService.WITHHOLD);
        fixture.submit(ScriptedService.WITHHOLD);
        fixture.submit(ScriptedService.WITHHOLD);
        assertEquals(Status.RESOURCE_EXHAUSTED, fixture.single().status());
        fixture.guest.cancel(0, first);
        fixture.work();
        assertEquals(2, fixture.guest.poll(0).size(), "cancelling works beyond the quota");
        fixture.submit(ScriptedService.ECHO);
        assertEquals(Status.OK, fixture.single().status());
    }

    @Test
    void submissionsPerTurn() throws IOException {
        open(new Quotas(4, 8, 2, 1000));
        for (int i = 0; i < 5; i++) {
            fixture.submit(ScriptedService.ECHO);
        }
        fixture.agent.doWork();
        assertEquals(2, fixture.counters().requests().get());
        fixture.agent.doWork();
        assertEquals(4, fixture.counters().requests().get());
        fixture.work();
        assertEquals(5, fixture.guest.poll(0).size());
    }

    @Test
    void aGuestThatTakesNoCompletionsIsHeldBackThenStalled() throws IOException {
        open(new Quotas(4, 4, 64, 1000));
        final int echo = Protocol.operation(1, ScriptedService.ECHO);
        long next = 1;
        while (next < 100 && fixture.guest.offer(0, next, echo, 0, Protocol.NO_DEADLINE, (byte)next)) {
            next++;
            fixture.work();
        }
        assertEquals(1 + 8 + 4 + 8, next, "completion ring, held back, submission ring");
        assertEquals(12, fixture.guest.region.channel(0).getLongAcquire(ChannelDescriptor.SUBMISSION_HEAD));
        assertEquals(1, fixture.guest.blocked(0));
        assertEquals(4, fixture.counters().heldBack().get());
        final List<Completion> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            all.addAll(fixture.guest.poll(0));
            fixture.work();
        }
        assertEquals(LongStream.range(1, next).boxed().toList(), all.stream().map(Completion::correlation).toList());
        all.forEach(completion -> assertArrayEquals(new byte[]{(byte)completion.correlation()}, completion.payload()));
        assertEquals(0, fixture.guest.blocked(0));
    }

    @Test
    void heldBytes() throws IOException {
        open(new Quotas(4, 8, 64, 100));
        assertHeldBytes();
        assertHeldBytes(); // what was held back has been given back
    }

    private void assertHeldBytes() {
        for (int i = 0; i < 8; i++) {
            fixture.submit(ScriptedService.ECHO);
            fixture.work();
        }
        fixture.submit(ScriptedService.ECHO, new byte[60]);
        fixture.submit(ScriptedService.ECHO, new byte[60]);
        fixture.submit(ScriptedService.ECHO, new byte[40]);
        fixture.work();
        assertEquals(8, fixture.guest.poll(0).size());
        fixture.work();
        final List<Completion> held = fixture.guest.poll(0);
        assertEquals(List.of(Status.OK, Status.RESOURCE_EXHAUSTED, Status.OK), held.stream().map(Completion::status).toList());
        assertEquals(List.of(60, 0, 40), held.stream().map(completion -> completion.payload().length).toList());
    }

    @Test
    void withheldBeyondARingThatIsFullStallsUntilThereIsSpace() throws IOException {
        open(new Quotas(4, 2, 64, 100));
        fixture.submit(ScriptedService.WITHHOLD);
        fixture.submit(ScriptedService.WITHHOLD);
        fixture.work();
        for (int i = 0; i < 9; i++) {
            fixture.submit(ScriptedService.ECHO);
            fixture.work();
        }
        assertEquals(10, fixture.counters().requests().get(), "the ring took 8 refusals, the ninth request is not read");
        assertEquals(1, fixture.guest.blocked(0));
        fixture.service.withheld.forEach(io.vmrpc.host.service.Withheld::complete);
        assertEquals(8, fixture.guest.poll(0).size());
        fixture.work();
        final List<Completion> rest = fixture.guest.poll(0);
        assertEquals(List.of(Status.OK, Status.OK, Status.OK), rest.stream().map(Completion::status).toList());
    }

    @Test
    void closingAChannelDropsWhatWasHeldBack() throws IOException {
        open(new Quotas(4, 4, 64, 100));
        fixture.guest.openChannel(1, 0);
        fixture.single();
        for (int i = 0; i < 12; i++) {
            fixture.guest.submit(1, Protocol.operation(1, ScriptedService.ECHO), 0, new byte[25]);
            fixture.work();
        }
        fixture.guest.control(Protocol.METHOD_CLOSE_CHANNEL, RawGuest.ints(1));
        assertEquals(Status.OK, fixture.single().status());
        assertEquals(0, fixture.guest.blocked(1));
        assertEquals(8, fixture.guest.poll(1).size());
    }
}
