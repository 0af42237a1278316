package io.vmrpc.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.host.session.RegionCounters;
import io.vmrpc.vm.FreestandingGuest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The second implementation of the protocol against the agent: calls, withheld calls, subscriptions, timers, and interrupts while parked. */
@Timeout(240)
class FreestandingGuestTest {
    private static final Duration LONGEST = Duration.ofSeconds(120);
    private static final int HANDLED_AT_LEAST = 40; // of 100 that a second holds: timers coalesce on a loaded host
    private static final String JOB = String.join("; ", "hello", "calls count=28", "calls count=7 channel=3", "withheld", "cancel", "deadline", "errors",
            "subscribe", "subscribe count=1000 gap_us=0", "timers count=40 period_ns=5000000", "timers count=20 period_ns=3000000 mode=once",
            "interrupts ms=1000 hz=100", "interrupts ms=500 hz=100 event=1", "guest-timer count=20 period_ns=5000000",
            "guest-timer count=10 source=pit", "exits count=20", "smp ms=500");

    private Machine machine;
    private List<String> lines;

    @ParameterizedTest
    @EnumSource
    void theGuestSpeaksTheProtocol(Machine each) throws Exception {
        machine = each;
        machine.assumeThere();
        Path region = TestAgent.region("freestanding");
        try (TestAgent agent = new TestAgent(region); FreestandingGuest guest = machine.start(region, 2, JOB)) {
            String end = guest.waitForEnd(LONGEST);
            lines = guest.lines();
            lines.stream().filter(line -> !line.startsWith("sample") && !line.startsWith("done"))
                    .forEach(line -> System.out.println("FreestandingGuestTest: " + machine + ": " + line));
            assertEquals("ok", end, guest::log);
            RegionCounters counters = agent.counters(region);
            assertEquals(1, counters.sessions().get());
            assertEquals(0, counters.violations().get());
        }
        checkShim();
        checkCalls();
        checkTimers();
        checkInterrupts();
        checkSecondCpu();
    }

    private Words line(String beginning, int number) {
        return lines.stream().filter(line -> line.startsWith(beginning)).skip(number).findFirst().map(Words::new)
                .orElseThrow(() -> new AssertionError("no line " + number + " that begins with '" + beginning + "' in:\n" + String.join("\n", lines)));
    }

    /** A shim that refuses would let some of the jobs pass without a park. */
    private void checkShim() {
        Words shim = line("shim", 0);
        assertEquals(machine.shimKind(), shim.number("kind"), shim::text);
        assertEquals(0, shim.number("refusal"), shim::text);
        assertEquals(machine.isHalted() ? 1 : 0, shim.number("park_mode"), shim::text);
        assertEquals(machine.kickMode(), shim.number("kick_mode"), shim::text);
        assertTrue(shim.number("slots_served") >= 2, shim::text);
    }

    private void checkCalls() {
        long endedByEvent = 0;
        for (int i = 0; i < 3; i++) {
            Words withheld = line("withheld", i);
            assertTrue(withheld.number("took_ns") >= 20_000_000, withheld::text);
            endedByEvent += withheld.number("ended_by_event");
        }
        // between two slices, or after a kick of QEMU's that came just before, a completion is found without a park: not every time
        assertTrue(machine.isSliced() || endedByEvent > 0, "no withheld call was ended by its event");
        Words deadline = line("deadline", 0);
        assertTrue(deadline.number("late_ns") >= -deadline.number("clock_error_ns"), deadline::text);
        assertEquals(20, line("subscribe", 0).number("events"));
        assertEquals(0, line("subscribe", 0).number("lost"));
        Words burst = line("subscribe", 1);
        assertTrue(burst.number("lost") > 0 && burst.number("events") + burst.number("lost") == 1000, burst::text);
    }

    private void checkTimers() {
        for (int i = 0; i < 2; i++) {
            assertEquals(0, line("timers", i).number("early"));
        }
        // wake_ns only has parks: each sample of `timers` carries it
        List<Words> samples = lines.stream().filter(line -> line.startsWith("sample") && line.contains("wake_ns")).map(Words::new).toList();
        assertEquals(60, samples.size());
        for (Words sample : samples) {
            assertTrue(sample.number("wake_ns") >= 0, sample::text);
        }
        List<String> conventional = lines.stream().filter(line -> line.startsWith("sample") && !line.contains("wake_ns")).toList();
        assertEquals(30, conventional.size());
    }

    private void checkInterrupts() {
        Words untilDeadline = line("interrupts", 0);
        assertTrue(untilDeadline.number("handled") >= HANDLED_AT_LEAST, untilDeadline::text);
        assertTrue(untilDeadline.number("took_ns") >= 1_000_000_000, untilDeadline::text);
        Words untilEvent = line("interrupts", 1);
        assertTrue(untilEvent.number("handled") >= HANDLED_AT_LEAST / 2, untilEvent::text);
        assertTrue(untilEvent.number("took_ns") < 5_000_000_000L, untilEvent::text);
        for (Words words : List.of(untilDeadline, untilEvent)) {
            String reason = machine.isHalted() ? "interrupt" : machine.isSliced() ? "slice" : "kick";
            assertTrue(words.number(reason) >= words.number("handled") / 2, words::text);
            assertTrue(machine.isHalted() || words.number("interrupt") == 0, words::text);
        }
    }

    private void checkSecondCpu() {
        assertTrue(line("smp parked=0", 0).number("counted") > 0);
        assertTrue(line("smp parked=1", 0).number("counted_while_parked") > 0);
    }
}
