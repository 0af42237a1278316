package io.vmrpc.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ResponsePlanTest {
    @Test
    void theShortRunFitsIntoItsShareOfTheEvaluation() {
        final double seconds = ResponseRuns.seconds(ResponsePlan.QUICK);
        assertTrue(seconds > 120 && seconds <= 330, "it says " + seconds + " s");
    }

    @Test
    void turnsShareWhatIsMeasured() {
        final ResponsePlan part = new ResponsePlan(4, 400, 4_000, 0, 8_000, 5).part();
        assertEquals(new ResponsePlan(1, 100, 1_000, 0, 2_000, 5), part);
        assertEquals(100, part.programHandlers(ResponsePlan.SLOW_NS));
        assertEquals(0, part.programHandlers(ResponsePlan.FAST_NS));
    }
}
