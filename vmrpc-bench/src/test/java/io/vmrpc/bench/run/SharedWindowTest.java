package io.vmrpc.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.bench.report.IndependenceVariants;
import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Variants;
import io.vmrpc.natives.NativeProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The programs themselves, as processes of this machine, in a window that they share. */
@Timeout(120)
class SharedWindowTest {
    private static final double SECONDS = 0.1;
    @TempDir
    private Path programs;

    @BeforeEach
    void extract() throws IOException {
        for (final String program : List.of("vmrpc-mix", "vmrpc-stride", "vmrpc-at")) {
            NativeProgram.extract(program, programs);
        }
    }

    private Competitor process(final IndependenceProgram program) {
        return new HostProcess(join -> program.command(programs, join, SECONDS, 8, "127.0.0.1", 1, 1, ""));
    }

    @Test
    void twoAtOnceHaveARowEach() throws IOException, InterruptedException {
        for (final IndependenceProgram program : List.of(IndependenceProgram.MIX, IndependenceProgram.STRIDE)) {
            final Tally tally = new Tally(program, IndependenceVariants.PROCESS, 2);
            tally.add(SharedWindow.run(SECONDS, List.of(process(program), process(program))));
            tally.add(SharedWindow.run(SECONDS, List.of(process(program), process(program))));
            final List<Row> rows = tally.rows(8);
            assertEquals(List.of("1", "2"), rows.stream().map(row -> row.param(IndependenceVariants.VM)).toList());
            for (final Row row : rows) {
                assertEquals(2, row.figures().count());
                assertTrue(row.figures().mean() > 0, row::toString);
                assertTrue(Double.parseDouble(row.param(IndependenceVariants.LEAST)) <= Double.parseDouble(row.param(IndependenceVariants.MOST)), row::toString);
                assertEquals(IndependenceVariants.unit(program.bench()), row.param(Variants.UNIT));
                assertTrue(Double.parseDouble(row.param(IndependenceVariants.SHARE)) > 0, row::toString);
                assertTrue(Long.parseLong(row.param(IndependenceVariants.SKEW)) >= 0, row::toString);
            }
        }
    }

    @Test
    void aForeignProgramStartsAtTheBegin() throws IOException, InterruptedException {
        final Competitor echo = new HostProcess(join -> programs.resolve("vmrpc-at") + " " + join + " echo 'events per second: 5'");
        final SharedWindow.Outcome outcome = SharedWindow.run(SECONDS, List.of(echo));
        assertEquals(5, new ProgramOutput(outcome.outputs().get(0)).sysbench());
        assertTrue(new ProgramOutput(outcome.outputs().get(0)).number("began_late_ns") >= 0);
    }

    @Test
    void oneThatFailsEndsTheOthersWait() {
        final Competitor broken = new HostProcess(join -> "sh -c 'echo no such benchmark; exit 3'");
        final IOException failure = assertThrows(IOException.class, () -> SharedWindow.run(SECONDS,
            List.of(process(IndependenceProgram.MIX), broken)));
        assertTrue(failure.getMessage().contains("no such benchmark"), failure.getMessage());
    }
}
