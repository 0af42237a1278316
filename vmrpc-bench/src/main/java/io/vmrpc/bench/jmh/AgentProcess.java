package io.vmrpc.bench.jmh;

import io.vmrpc.host.Agent;
import io.vmrpc.host.AgentContext;
import io.vmrpc.host.ShardIdle;
import java.io.IOException;
import java.nio.file.Path;

/** Main class of the second JVM: an agent that serves a region until its standard input ends. */
public final class AgentProcess {
    private AgentProcess() {
    }

    /**
     * Serves.
     *
     * @param args region file, and {@code spin} or {@code block}.
     * @throws IOException if the region cannot be served.
     */
    public static void main(final String[] args) throws IOException {
        final ShardIdle idle = args[1].equals("spin") ? ShardIdle.SPINNING : ShardIdle.BLOCKING;
        try (Agent agent = Agent.launch(new AgentContext().region(Path.of(args[0])).idle(idle).removeRegionsOnClose(true))) {
            System.out.println("serving with " + agent.shardCount() + " shard");
            while (System.in.read() >= 0) {
                continue; // until the parent closes the pipe or dies
            }
        }
    }

    /**
     * Starts the second JVM and waits until it serves.
     *
     * @param region file to serve.
     * @param idle {@code spin} or {@code block}.
     * @return the process; it ends when its standard input is closed.
     * @throws IOException if it cannot be started.
     */
    public static Process start(final Path region, final String idle) throws IOException {
        final Process process = new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "--add-opens",
            "java.base/jdk.internal.misc=ALL-UNNAMED", "-XX:+IgnoreUnrecognizedVMOptions", "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", System.getProperty("java.class.path"), AgentProcess.class.getName(),
            region.toString(), idle).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        if (process.getInputStream().read() < 0) {
            throw new IOException("the agent's JVM ended at once: its error output says why");
        }
        return process;
    }
}
