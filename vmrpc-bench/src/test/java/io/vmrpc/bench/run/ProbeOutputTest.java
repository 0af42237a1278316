package io.vmrpc.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What vmrpc-probe tells; native/test/probe makes the same of a schedule. */
@Timeout(30)
class ProbeOutputTest {
    private static final String OUTPUT = """
        EAL: something that DPDK says
        answer 1 200
        lost 2
        unseen 3 1300
        answer 4 2100
        unseen 5 1500
        lost 6
        end sent=6 lost=2 unseen=2 late=1 twice=1 damaged=2 pause_ns=400 send_late_ns=400
        """;

    @Test
    void onlyWhatTheProbeSawIsASample() throws IOException {
        final ProbeOutput output = ProbeOutput.parse(OUTPUT);
        assertEquals(2, output.samples().getTotalCount());
        assertEquals(200, output.samples().getMinValue());
        assertTrue(output.samples().valuesAreEquivalent(2_100, output.samples().getMaxValue()));
        assertEquals(6, output.sent());
        assertEquals(2, output.lost());
        assertEquals(2, output.unseen());
        assertEquals(1, output.late());
        assertEquals(3, output.wrong());
    }

    @Test
    void turnsAreAdded() throws IOException {
        final ProbeOutput both = ProbeOutput.NOTHING.plus(ProbeOutput.parse(OUTPUT)).plus(ProbeOutput.parse(OUTPUT.replace("pause_ns=400", "pause_ns=900")));
        assertEquals(4, both.samples().getTotalCount());
        assertEquals(12, both.sent());
        assertEquals(4, both.lost());
        assertEquals(900, both.pauseNs());
    }

    @Test
    void outputThatWasCutIsRefused() {
        final String withoutEnd = OUTPUT.substring(0, OUTPUT.indexOf("end"));
        final String withoutAnswer = OUTPUT.replace("answer 4 2100\n", "");
        for (final String cut : new String[] {withoutEnd, withoutAnswer, OUTPUT.replace("lost 2\n", ""), ""}) {
            assertTrue(assertThrows(IOException.class, () -> ProbeOutput.parse(cut)).getMessage().contains("does not fit"), cut);
        }
    }

    @Test
    void aMaskOfTheKernelHasWordsOf32Bits() {
        assertEquals("1", Probe.mask(0));
        assertEquals("80000000", Probe.mask(31));
        assertEquals("1,00000000", Probe.mask(32));
        assertEquals("10,00000000,00000000", Probe.mask(68));
    }
}
