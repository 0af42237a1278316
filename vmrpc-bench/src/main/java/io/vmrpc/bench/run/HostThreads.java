package io.vmrpc.bench.run;

import io.vmrpc.bench.density.CycleSamples;
import io.vmrpc.bench.density.Schedule;
import io.vmrpc.bench.report.DensityVariants;
import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Variants;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Conventional threads in C: native/programs/vmrpc-loops.c. */
final class HostThreads {
    private static final String PROGRAM = "vmrpc-loops";

    private HostThreads() {
    }

    static List<Row> measure(final DensityPlace place, final int threads, final int cycles) throws IOException, InterruptedException {
        final long phase = new Schedule(threads, 0, DensityPlan.PERIOD_NS, cycles, false).phaseNs();
        final List<String> command = List.of(place.program(PROGRAM), Integer.toString(threads), Integer.toString(DensityPlan.PERIOD_NS),
            Integer.toString(cycles), Long.toString(phase), Integer.toString(Scheduling.PRIORITY), DensityPlace.PEER,
            Integer.toString(DensityPlace.PORT));
        try (ScheduledProgram program = new ScheduledProgram(PROGRAM, command)) {
            program.awaitReady();
            final DensityLevel level = new DensityLevel(program, DensityLevel.account(place, List.of(program.pid()), null));
            final Schedule schedule = DensityLevel.fromNow(threads, cycles);
            program.say(Long.toString(schedule.startNs()));
            final Map<String, String> cpu = level.during(schedule);
            return DensityLevel.with(cpu, parse(program.answer(), schedule).rows(DensityVariants.HOST_THREADS, Variants.NO_VM));
        }
    }

    /** Throws IOException if the lines are not those of so many threads. */
    static CycleSamples parse(final List<String> lines, final Schedule schedule) throws IOException {
        final CycleSamples samples = new CycleSamples(schedule);
        int threads = 0;
        for (final String line : lines) {
            if (line.equals("thread")) {
                threads++;
                continue;
            }
            final String[] words = line.split(" ");
            if (words.length != 2) {
                throw new IOException(PROGRAM + " wrote what is no cycle: " + line);
            }
            samples.cycle(Long.parseLong(words[0]), Long.parseLong(words[1]));
        }
        if (threads != schedule.loops()) {
            throw new IOException(PROGRAM + " told of " + threads + " threads instead of " + schedule.loops());
        }
        return samples;
    }
}
