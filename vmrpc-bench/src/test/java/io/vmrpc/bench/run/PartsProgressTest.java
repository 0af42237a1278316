package io.vmrpc.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vmrpc.bench.run.PartsProgress.Step;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartsProgressTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream terminal = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private long nowNs;

    private List<String> lines() {
        final List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
        bytes.reset();
        return lines;
    }

    private void pass(final double seconds) {
        nowNs += (long)(seconds * 1e9);
    }

    @Test
    void aRunOfItsOwnSaysWhatIsLeft() {
        final Progress progress = new Progress(terminal, 100, () -> nowNs);
        progress.step("first", 20);
        pass(40);
        progress.step("second", 60);
        progress.note("something");
        pass(120);
        progress.step("third", 20);
        assertEquals(List.of("  0 %   1:40 left  first", " 20 %   2:40 left  second", "       something", " 80 %   0:40 left  third"),
            lines());
    }

    @Test
    void aPartSaysWhatIsLeftOfTheWhole() {
        final PartsProgress whole = new PartsProgress(terminal, List
            .of(new Step("timers", 60), new Step("calls", 30), new Step("files", 30)), () -> nowNs);
        assertEquals(120, whole.seconds());
        final Progress timers = new Progress(whole.begin(), 60, () -> nowNs);
        assertEquals(List.of("part 1 of 3    0 %   2:00 left  timers"), lines());
        timers.step("boot", 30);
        pass(60); // twice as long as planned
        timers.step("sample", 30);
        assertEquals(List.of("part 1 of 3    0 %   2:00 left  boot", "part 1 of 3   25 %   3:00 left  sample"), lines());
        pass(60);
        final PrintStream log = whole.begin();
        log.println("whatever");
        final Progress calls = new Progress(log, 30, () -> nowNs);
        calls.step("call", 30);
        assertEquals(List.of("part 2 of 3   50 %   1:30 left  calls", "whatever", "part 2 of 3   50 %   1:30 left  call"), lines());
        pass(60);
        whole.begin();
        pass(30);
        whole.end();
        assertEquals(List.of("part 3 of 3   75 %   0:30 left  files", "3 of 3 parts in 3:30"), lines());
        assertThrows(IllegalStateException.class, whole::begin);
    }

    @Test
    void aPartWithoutTimeIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Step("none", 0));
        assertThrows(IllegalArgumentException.class, () -> new Step("none", Double.NaN));
    }
}
