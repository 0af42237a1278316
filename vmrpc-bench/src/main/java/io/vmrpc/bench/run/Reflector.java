package io.vmrpc.bench.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** vmrpc-reflector on the host: a blocking socket, with priority and CPU of a real-time vCPU's thread. */
final class Reflector implements AutoCloseable {
    private final int port;
    private final Process process;

    Reflector(final Path programs, final String address, final int port) throws IOException {
        this.port = port;
        process = new ProcessBuilder("setpriv", "--pdeathsig", "TERM", "chrt", "-f", Integer.toString(Scheduling.PRIORITY), "taskset", "-c",
            Integer.toString(Scheduling.REAL_TIME_CPU), programs.resolve("vmrpc-reflector").toString(), address, Integer.toString(port)).redirectErrorStream(true).start();
        final String said = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
        if (!"ready".equals(said)) {
            throw new IOException("the reflector did not start: " + said);
        }
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
