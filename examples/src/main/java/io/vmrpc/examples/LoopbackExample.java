package io.vmrpc.examples;

import io.vmrpc.host.Agent;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;

/** Host and guest on one machine without a VM: the agent in this process, the {@link ControlLoop} in another. */
public final class LoopbackExample {
    private LoopbackExample() {
    }

    /**
     * Runs both.
     *
     * @param args nothing.
     * @throws IOException if the region cannot be made or no JVM be started.
     * @throws InterruptedException if interrupted.
     */
    public static void main(final String[] args) throws IOException, InterruptedException {
        final Path region = Path.of("/dev/shm", "vmrpc-example-" + ProcessHandle.current().pid());
        final int status;
        try (Agent agent = SampleAgent.launch(region)) {
            status = guest(region).inheritIO().start().waitFor();
            System.out.println("the agent counted " + agent.counters().get(0));
        }
        System.exit(status);
    }

    /** A JVM like this one. */
    static ProcessBuilder guest(final Path region) {
        return new ProcessBuilder(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
            "--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
            ControlLoop.class.getName(), region.toString());
    }
}
