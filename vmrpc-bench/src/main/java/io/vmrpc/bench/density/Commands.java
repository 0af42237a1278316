package io.vmrpc.bench.density;

import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.RowLine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** How a program of this package is told what to do, and answers. */
public final class Commands {
    /** The program says so when it can be told. */
    public static final String READY = "ready";
    /** After the rows of a schedule. */
    public static final String DONE = "done";

    private Commands() {
    }

    /** What is done for each schedule. */
    interface Work {
        List<Row> run(Schedule schedule) throws IOException, InterruptedException;
    }

    /** Works until the input ends, which it also does if the process that started this one is killed. */
    static void obey(final Work work) throws IOException, InterruptedException {
        final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println(READY);
        for (String line; (line = in.readLine()) != null;) {
            work.run(Schedule.of(line)).forEach(row -> System.out.println(RowLine.encode(row)));
            System.out.println(DONE);
        }
    }
}
