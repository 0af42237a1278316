package io.vmrpc.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FileReportTest {
    private static final long US = 1_000;
    private final List<Row> rows = new ArrayList<>();

    private void row(final String variant, final String host, final int bytes, final long mean) {
        rows.add(Row.of("file", variant, "tcg", "none", bytes == 0 ? Map.of("host", host) : Map.of("host", host, "payload", Integer.toString(bytes)),
            new Figures(10_000, mean * US, mean * US, mean * US, mean * US, mean * US, mean * US)));
    }

    private void both(final String what, final int bytes, final long ours, final long theirs) {
        row("vmrpc-file-" + what, "vcpu-fifo", bytes, ours);
        for (final String host : Variants.HOSTS) {
            row("9p-" + what, host, bytes, host.equals("all-fifo") ? theirs : 2 * theirs);
        }
    }

    private TargetResult target(final Target target) {
        return Summary.of(rows, Depth.FULL).targets().stream().filter(result -> result.target() == target).findFirst().orElseThrow();
    }

    @Test
    void eachOperationIsHeldAgainstTheBestOf9p() {
        both("random-read", 65_536, 100, 300);
        both("sequential-write", 65_536, 100, 400);
        both("random-read", 4096, 100, 100);
        both("stat", 0, 100, 499);
        assertEquals(Outcome.REACHED, target(Target.FILE_64K).outcome());
        assertEquals("3.00x (worst of 2: random read, 64 KiB, idle)", target(Target.FILE_64K).evidence());
        assertEquals(Outcome.NOT_REACHED, target(Target.FILE_STAT).outcome());
        assertTrue(Headline.sentences(Summary.of(rows, Depth.FULL)).stream().anyMatch(sentence -> sentence.contains("than by 9p")));
    }
}
