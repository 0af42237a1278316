package io.vmrpc.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The chapter of what the probe sees. */
@Timeout(30)
class ProbeChapterTest {
    private final Chapter chapter = new ProbeChapter();

    private static Row row(final String variant, final String host, final long medianNs, final int count, final long lost, final long unseen) {
        final Histogram histogram = new Histogram(3);
        histogram.setAutoResize(true);
        for (int i = 0; i < count; i++) {
            histogram.recordValue(i < count * 95 / 100 ? medianNs : 10 * medianNs);
        }
        return Row.of(ProbeVariants.OUTSIDE, variant, "tcg", "none", Map.of(Variants.HOST, host, ProbeVariants.SENT, Long.toString(count + lost + unseen),
            Variants.DROPPED, Long.toString(lost), ProbeVariants.LATE, "0", ProbeVariants.LATE_AFTER, "10ms", ProbeVariants.UNSEEN, Long.toString(unseen),
            ProbeVariants.CPUS, "probe 0, measured 1", Variants.PAYLOAD, "64", ProbeVariants.INTERVAL, "1ms"), histogram);
    }

    private static final List<Row> ROWS = List.of(
        row(ProbeVariants.REFLECTOR, Variants.UNTOUCHED, 40_000, 2_000, 0, 0),
        row(ProbeVariants.VMRPC_GUEST, Variants.VCPU_FIFO, 60_000, 2_000, 0, 0),
        row(ProbeVariants.VIRTIO_NET_GUEST, Variants.UNTOUCHED, 30_000, 500, 7, 0),
        row(ProbeVariants.VIRTIO_NET_GUEST, ProbeVariants.IO_FIFO, 300_000, 2_000, 0, 100));

    @Test
    void eachPercentileStandsAloneAndMinusTheReflectors() {
        final List<Chapter.Table> tables = chapter.tables(ROWS);
        assertEquals(2, tables.size());
        assertEquals(List.of("vmrpc-guest", "60.0 us", "600 us", "600 us", "600 us", "2000", "0", "0", "0"), tables.get(0).lines().get(1));
        assertEquals(List.of("vmrpc-guest", "20.0 us", "200 us", "200 us", "200 us"), tables.get(1).lines().get(0));
        assertEquals(List.of("virtio-net-guest, untouched", "-10.0 us", "-100 us", "-", "-100 us"), tables.get(1).lines().get(1), "faster, and too few for p99.9");
    }

    @Test
    void whoLosesMessagesIsNotTheBest() {
        final String finding = chapter.findings(ROWS).get(0);
        assertTrue(finding.contains("p50 60.0 us (20.0 us above the reflector) against 300 us by virtio-net at its best (io-fifo)"), finding);
        assertTrue(finding.contains("0 of 2000 messages lost"), finding);
    }

    @Test
    void aDisturbedRowIsNamed() {
        final List<String> findings = chapter.findings(ROWS);
        assertEquals(2, findings.size());
        assertTrue(findings.get(1).contains("virtio-net-guest, io-fifo, idle: of 4.8 %"), findings.get(1));
    }

    @Test
    void aRunThatWasInterruptedHasWhatItHas() {
        assertTrue(chapter.findings(ROWS.subList(0, 1)).isEmpty());
        assertEquals(1, chapter.tables(ROWS.subList(0, 1)).size());
        assertEquals(1, chapter.tables(ROWS.subList(1, 2)).size());
        assertFalse(chapter.question().isBlank());
    }
}
