package io.vmrpc.bench.jmh;

import java.nio.file.Path;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs {@link CallBenchmark} with the GC profiler. */
public final class JmhRun {
    private JmhRun() {
    }

    /**
     * Runs and prints.
     *
     * @param json file for JMH's results, or null.
     * @throws RunnerException if a benchmark fails.
     */
    public static void calls(final Path json) throws RunnerException {
        final ChainedOptionsBuilder options = new OptionsBuilder().include(CallBenchmark.class.getName()).addProfiler(GCProfiler.class)
            .forks(1).warmupIterations(5).measurementIterations(5).warmupTime(TimeValue.seconds(2)).measurementTime(TimeValue.seconds(2))
            .shouldFailOnError(true).jvmArgsAppend("--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED");
        if (json != null) {
            options.resultFormat(ResultFormatType.JSON).result(json.toString());
        }
        new Runner(options.build()).run();
    }
}
