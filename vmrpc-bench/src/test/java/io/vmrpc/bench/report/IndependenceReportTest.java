package io.vmrpc.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Tables and sentences of the independence of VMs. */
class IndependenceReportTest {
    private final List<Row> rows = new ArrayList<>();
    private final IndependenceChapter chapter = new IndependenceChapter();

    private void point(final String bench, final String program, final String variant, final double... values) {
        for (int vm = 0; vm < values.length; vm++) {
            final Map<String, String> params = new TreeMap<>(Map.of(IndependenceVariants.PROGRAM, program, IndependenceVariants.VMS,
                Integer.toString(values.length),
                IndependenceVariants.VM, Integer.toString(vm + 1), IndependenceVariants.CPUS, "2", IndependenceVariants.LEAST,
                text(values[vm] * 0.99),
                IndependenceVariants.MOST, text(values[vm] * 1.01), IndependenceVariants.STEAL, "0.500", IndependenceVariants.OTHERS,
                "1.250"));
            params.put(IndependenceVariants.ALL_LEAST, "95.000");
            params.put(IndependenceVariants.ALL_MOST, "100.000");
            params.put(Variants.UNIT, IndependenceVariants.unit(bench));
            rows.add(Row.of(bench, variant, "tcg", "none", params,
                new Figures(3, values[vm], (long)values[vm], (long)values[vm], (long)values[vm], (long)values[vm],
                (long)(values[vm] * 1.01))));
        }
    }

    private static String text(final double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private void loop(final String variant, final String program, final long ns) {
        rows.add(Row.of(IndependenceVariants.REAL_TIME, variant, "tcg", "none", Map.of(IndependenceVariants.PROGRAM, program,
            IndependenceVariants.VMS, "3",
            IndependenceVariants.SHARE, "0.700"), new Figures(100, ns, ns, ns, 2 * ns, 3 * ns, 3 * ns)));
    }

    private void cpuPoints() {
        point(IndependenceVariants.CPU, IndependenceVariants.MIX, IndependenceVariants.VM_ALONE, 1_000_000);
        point(IndependenceVariants.CPU, IndependenceVariants.MIX, IndependenceVariants.VM_ALONE, 980_000, 990_000);
        point(IndependenceVariants.CPU, IndependenceVariants.MIX, IndependenceVariants.VM_ALONE, 650_000, 660_000, 640_000);
        point(IndependenceVariants.CPU, IndependenceVariants.MIX, IndependenceVariants.VM_BESIDE, 640_000, 650_000, 630_000);
    }

    @Test
    void sharesAreTold() {
        cpuPoints();
        final Chapter.Table table = chapter.tables(rows).get(0);
        assertEquals(List.of("statement mix, 3 VMs", "650,000", "633,600", "666,600", "65.0 %", "1.95", "97.5 %", "0.50 %", "1.25 %"),
            table.lines().get(2));
        assertEquals("published, 3 VMs", table.lines().get(6).get(0));
        final String finding = chapter.findings(rows).get(0);
        assertTrue(finding.contains("2 VMs with a CPU each keep 98.5 % of the speed of one; 3 VMs share 2 CPUs, so each keeps 65.0 %"),
            finding);
        assertTrue(finding.endsWith("a swing of 0.12 %."), finding);
    }

    @Test
    void whatTheRealTimeVmCosts() {
        cpuPoints();
        final Chapter.Table losses = table("What three ordinary VMs lose");
        assertEquals(List.of("statement mix", "650,000", "640,000", "1.54 %", "-", "5.00 %"), losses.lines().get(0));
        assertTrue(chapter.findings(rows).stream().anyMatch(text -> text.contains("costs three busy ordinary VMs 1.54 %")));
    }

    @Test
    void lessTimeIsFaster() {
        point(IndependenceVariants.MEMORY, IndependenceVariants.STRIDE, IndependenceVariants.VM_ALONE, 1_000_000);
        point(IndependenceVariants.MEMORY, IndependenceVariants.STRIDE, IndependenceVariants.VM_ALONE, 2_000_000, 2_000_000);
        final Chapter.Table table = chapter.tables(rows).get(0);
        assertEquals(List.of("4 KiB stride, 2 VMs", "2.000 ms", "1.980 ms", "2.020 ms", "50.0 %", "1.00", "50.0 %"), table.lines().get(1)
            .subList(0, 7));
    }

    @Test
    void swingsAsPublished() {
        cpuPoints();
        final List<String> line = table("Swing").lines().get(0);
        assertEquals(List.of("statement mix", "35.0 %", "1.50 %"), line.subList(0, 3));
        assertEquals("0.12 %", line.get(6));
        assertEquals(0.0599, IndependencePublished.NETWORK.swing(), 0.0001);
        assertEquals(0.0056, IndependencePublished.MEMORY.swing(), 0.0001);
    }

    @Test
    void lateness() {
        cpuPoints();
        loop(IndependenceVariants.LOOP_PARKED, IndependenceVariants.MIX, 20_000);
        loop(IndependenceVariants.LOOP_GUEST, IndependenceVariants.MIX, 700_000);
        assertEquals(List.of("VM long polling, beside 3 VMs: statement mix", "20.0 us", "40.0 us", "60.0 us", "100", "0.70 %"),
            table("Lateness").lines().get(0));
        assertTrue(chapter.findings(rows).stream().anyMatch(text -> text.contains("late by 20.0 us, 40.0 us, 60.0 us")
            && text.contains("700 us")));
    }

    @Test
    void aDisturbedRunIsNamed() {
        cpuPoints();
        assertTrue(chapter.findings(rows).stream().anyMatch(text -> text.startsWith("Not disturbed")));
        rows.replaceAll(row -> row.withParam(IndependenceVariants.STEAL, "12.000"));
        assertTrue(chapter.findings(rows).stream().anyMatch(text -> text.startsWith("Disturbed")));
    }

    @Test
    void anInterruptedRunHasNoTableOfWhatItLacks() {
        point(IndependenceVariants.CPU, IndependenceVariants.MIX, IndependenceVariants.VM_ALONE, 1_000_000);
        rows.add(rows.get(0).withParam(IndependenceVariants.VMS, "2")); // its second VM has no row
        assertEquals(List.of("statement mix, 1 VM"), chapter.tables(rows).get(0).lines().stream().map(line -> line.get(0))
        .filter(name -> !name.startsWith("published")).toList());
        assertFalse(chapter.findings(rows).isEmpty());
    }

    private Chapter.Table table(final String caption) {
        return chapter.tables(rows).stream().filter(each -> each.caption().startsWith(caption)).findFirst().orElseThrow();
    }
}
