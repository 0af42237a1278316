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

/** The page of a whole evaluation: an XML document in which everything is named and linked. */
@Timeout(60)
class EvaluationPageTest {
    private static final List<Row> ROWS = Disturbances.marked(SampleEvaluation.of(500, 1.6));
    private static final String TEXT = HtmlReport.render(Summary.of(ROWS, Depth.QUICK, SampleEvaluation.chapters()), Map
        .of("CPU", "2 cores"), List.of("One paragraph."));
    private static final Document PAGE = assertDoesNotThrow(() -> DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(TEXT))));

    private static List<Element> all(final String tag) {
        final NodeList nodes = PAGE.getElementsByTagName(tag);
        final List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element)nodes.item(i));
        }
        return elements;
    }

    private static Element byId(final String id) {
        return all("*").stream().filter(element -> element.getAttribute("id").equals(id)).findFirst()
            .orElseThrow(() -> new AssertionError("no element " + id));
    }

    @Test
    void whoReadsForTenSecondsHasVerdictAndFigures() {
        assertTrue(all("h1").get(0).getTextContent().contains("times more punctually"));
        final int tiles = all("ul").stream().filter(list -> list.getAttribute("class").equals("tiles")).findFirst()
            .orElseThrow().getElementsByTagName("li").getLength();
        assertTrue(tiles >= 3 && tiles <= 6, "tiles=" + tiles);
        final String inShort = byId("short").getTextContent();
        for (final Chapter chapter : SampleEvaluation.chapters()) {
            assertTrue(inShort.contains(chapter.title()) && inShort.contains(chapter.findings(List.of()).get(0)), inShort);
        }
    }

    @Test
    void eachLinkLeadsToASection() {
        final Set<String> ids = new HashSet<>();
        all("*").stream().filter(element -> element.hasAttribute("id"))
            .forEach(element -> assertTrue(ids.add(element.getAttribute("id")), element.getAttribute("id")));
        final List<Element> links = all("a");
        assertTrue(links.size() >= 8, "links=" + links.size());
        links.forEach(link -> assertTrue(ids.contains(link.getAttribute("href").substring(1)), link.getAttribute("href")));
        final Set<String> linked = new HashSet<>(links.stream().map(link -> link.getAttribute("href").substring(1)).toList());
        all("section").stream().filter(section -> !section.getAttribute("id").equals("short"))
            .forEach(section -> assertTrue(linked.contains(section.getAttribute("id")), "no link to " + section.getAttribute("id")));
    }

    @Test
    void aChapterHasQuestionFindingsTablesPlotsRowsAndCommand() {
        final Element chapter = byId("chapter1");
        final String text = chapter.getTextContent();
        for (final String part : List.of(SampleEvaluation.TIMES.question(), "At 80 the agent's core is full", "Density <all>",
            "Ratios to one VM.", "Density, period 10ms, idle",
            "control-loop, guests 40", "All measurements (4)", "./vmrpc bench density --quick")) {
            assertTrue(text.contains(part), part + " is missing from " + text);
        }
        assertTrue(text.contains("30.0 µs … 60.0 µs"), "the parts' spread");
    }

    @Test
    void eachImageIsDescribedAndEachTableHasHeads() {
        all("svg").stream().filter(svg -> svg.getAttribute("class").startsWith("plot")).forEach(svg -> {
            assertEquals("img", svg.getAttribute("role"));
            for (final String id : svg.getAttribute("aria-labelledby").split(" ")) {
                assertFalse(byId(id).getTextContent().isBlank(), id);
            }
        });
        all("table").forEach(table -> assertTrue(table.getElementsByTagName("th").getLength() > 0, table.getTextContent()));
        all("div").stream().filter(div -> div.hasAttribute("tabindex"))
            .forEach(div -> assertTrue(div.hasAttribute("role") && !div.getAttribute("aria-label").isEmpty()));
    }

    @Test
    void theTimeSeriesHasBandsLinesAndFigures() {
        final Element plot = all("svg").stream().filter(svg -> svg.getAttribute("class").contains("timeline")).findFirst().orElseThrow();
        final List<String> bands = new ArrayList<>();
        final NodeList rects = plot.getElementsByTagName("rect");
        for (int i = 0; i < rects.getLength(); i++) {
            bands.add(((Element)rects.item(i)).getAttribute("class"));
        }
        assertEquals(List.of("band load-none", "band load-guest", "band load-both", "band load-none"), bands);
        assertEquals(4, plot.getElementsByTagName("path").getLength(), "median and latest of two lines");
        assertTrue(plot.getTextContent().contains("guest and host loaded"));
        assertFalse(TEXT.contains("NaN") || TEXT.contains("Infinity"));
    }

    @Test
    void disturbancesAreMarkedWhereTheyMatter() {
        assertTrue(byId("chapter0").getTextContent().contains("before it: CPU work 1.6 times the run's median"));
        assertFalse(byId("chapter1").getTextContent().contains("disturbed"), "its controls are as usual");
        assertTrue(byId("control").getTextContent().contains("2, after timers"));
        assertTrue(TerminalTable.render(Summary.of(ROWS, Depth.QUICK, SampleEvaluation.chapters()), false).contains("Disturbed: "));
    }

    @Test
    void aTimeSeriesWithoutAChapterStandsForItself() {
        final String page = HtmlReport.render(Summary.of(ROWS, Depth.QUICK, List.of()), Map.of(), List.of());
        assertTrue(page.contains("Load comes and goes") && page.contains("plot timeline"));
        assertFalse(page.contains("timeline guest"), "seconds are no rows of a table");
    }
}
