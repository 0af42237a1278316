package io.vmrpc.bench.run;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** No VM: the worker is a second JVM on this host, its parks are futex waits of its own thread. */
final class LoopbackSide extends ProcessSide {
    private final Process process;

    LoopbackSide(final Path region, final int priority, final PrintStream log) throws IOException {
        process = new ProcessBuilder(WorkerCommand.of(List.of("-Dvmrpc.bench.cpu=" + Scheduling.REAL_TIME_CPU,
            "-Dvmrpc.bench.priority=" + priority), region.toString())).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        final RowReader reader = new RowReader(rows(), log);
        final Thread pump = new Thread(() -> {
            try (var out = process.getInputStream()) {
                out.transferTo(reader);
            } catch (final IOException e) {
                log.println("the worker's output ended: " + e.getMessage());
            }
        }, "worker-output");
        pump.setDaemon(true);
        pump.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    @Override
    Process process() {
        return process;
    }
}
