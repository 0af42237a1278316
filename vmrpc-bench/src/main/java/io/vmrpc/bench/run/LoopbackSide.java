package io.vmrpc.bench.run;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** No VM: the worker is a second JVM on this host, its parks are futex waits of its own thread. */
final class LoopbackSide extends Side {
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
    String vm() {
        return "none";
    }

    @Override
    List<Long> threads() {
        return List.of();
    }

    @Override
    long pid() {
        return process.pid();
    }

    @Override
    String hostAddress() {
        return "127.0.0.1";
    }

    @Override
    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
