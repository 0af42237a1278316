package io.vmrpc.bench.report;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

@Timeout(60)
class HtmlReportTest {
    private static final String HOSTILE = "</td><script>alert(1)</script>&\"'<!--]]>\u0000\u001b[31m\ud800\uffff";

    private static Document parsed(final String page) {
        return assertDoesNotThrow(() -> DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(page))));
    }

    private static List<Element> all(final Document page, final String tag) {
        final NodeList nodes = page.getElementsByTagName(tag);
        final List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    private static String render(final List<Row> rows) {
        return HtmlReport.render(Summary.of(rows, Depth.QUICK), Map.of("CPU", "2 cores"), List.of("One paragraph."));
    }

    @Test
    void onePlotForEachScenarioWithTitleAndDescription() {
        final List<Row> rows = SampleRun.of(1_000);
        final Document page = parsed(render(rows));
        final List<Element> plots = all(page, "svg").stream().filter(svg -> svg.getAttribute("class").equals("plot")).toList();
        assertEquals(Summary.of(rows, Depth.QUICK).scenarios().size(), plots.size());
        for (final Element plot : plots) {
            assertFalse(plot.getElementsByTagName("title").item(0).getTextContent().isBlank());
            assertTrue(plot.getElementsByTagName("desc").item(0).getTextContent().contains("p99"));
            assertTrue(plot.getElementsByTagName("polyline").getLength() >= 2);
        }
    }

    @Test
    void idsAreUniqueAndReferencesResolve() {
        final Document page = parsed(render(SampleRun.of(1_000)));
        final Set<String> ids = new HashSet<>();
        for (final Element element : all(page, "*")) {
            assertTrue(!element.hasAttribute("id") || ids.add(element.getAttribute("id")), element.getAttribute("id"));
        }
        for (final Element element : all(page, "*")) {
            for (final String id : element.getAttribute("aria-labelledby").split(" ")) {
                assertTrue(id.isEmpty() || ids.contains(id), id);
            }
        }
    }

    @Test
    void everyRowIsInATableOnce() {
        final List<Row> rows = SampleRun.of(1_000);
        final long shown = all(parsed(render(rows)), "table").stream().filter(table -> table.getAttribute("class").equals("rows"))
            .mapToLong(table -> table.getElementsByTagName("td").getLength()).sum();
        assertEquals(rows.size() * 8L, shown);
    }

    @Test
    void nothingIsFetched() {
        final String page = render(SampleRun.of(1_000));
        for (final String loader : List.of(" src=", "<link", "<script", "@import", "http://", "https://")) {
            assertFalse(page.replace("http://www.w3.org/", "").contains(loader), loader);
        }
    }

    @Test
    void hostileTextStaysText() {
        final Figures figures = new Figures(5_000, 1, 1, 1, 1, 1, 1);
        final List<Row> rows = List.of(Row.of(HOSTILE, HOSTILE, HOSTILE, HOSTILE, Map.of(HOSTILE, HOSTILE, "host.share", HOSTILE), figures),
            Row.of("timer", "guest-periodic", HOSTILE, HOSTILE, Map.of("host", HOSTILE, "period", HOSTILE), figures),
            Row.of("rpc", "virtio-net-tcp", "tcg", "both", Map.of("host", HOSTILE, "payload", HOSTILE), figures));
        final String text = HtmlReport.render(Summary.of(rows, Depth.FULL), Map.of(HOSTILE, HOSTILE), List.of(HOSTILE));
        final Document page = parsed(text);
        assertEquals(0, all(page, "script").size());
        assertFalse(text.contains("\u001b"));
        assertTrue(page.getDocumentElement().getTextContent().contains("</td><script>alert(1)</script>&\"'<!--]]>"));
    }

    @Test
    void anEmptyRunIsAPageToo() {
        final Document page = parsed(HtmlReport.render(Summary.of(List.of(), Depth.FULL), Map.of(), List.of()));
        assertTrue(page.getDocumentElement().getTextContent().contains("not measured"));
    }

    @Test
    void extremeValuesStayInThePlot() {
        for (final long value : new long[] {0, 1, 999, 3_600_000_000_000L, Long.MAX_VALUE}) {
            final Row row = Row.of("rpc", "vmrpc-parked", "tcg", "none", Map.of(), new Figures(1, value, value, value, value, value, value));
            final String page = render(List.of(row));
            parsed(page);
            assertFalse(page.contains("NaN") || page.contains("Infinity"), "value=" + value);
        }
    }

    @Test
    void labelsNeverOverlap() {
        final double[] placed = PercentilePlot.spread(new double[] {20, 20, 21, 275, 276, 276}, 17, 16, 276);
        for (int i = 0; i < placed.length; i++) {
            assertTrue(placed[i] >= 16 && placed[i] <= 276, "position " + placed[i]);
            assertTrue(i == 0 || placed[i] - placed[i - 1] >= 17 - 1e-9, "gap after " + (i - 1));
        }
    }
}
