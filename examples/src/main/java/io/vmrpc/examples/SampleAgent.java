package io.vmrpc.examples;

import io.vmrpc.host.Agent;
import io.vmrpc.host.AgentContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The host's program: an agent with the {@link SampleService}. */
public final class SampleAgent {
    private SampleAgent() {
    }

    // readme: begin
    static Agent launch(final Path region) throws IOException {
        final SampleService service = new SampleService();
        final Agent agent = Agent.launch(new AgentContext().region(region).service(service).removeRegionsOnClose(true));
        final long[] count = {0};
        agent.shard(0).loop().scheduleAtFixedRate(() -> service.publish(++count[0]), 5, 5, TimeUnit.MILLISECONDS);
        return agent;
    }
    // readme: end

    /**
     * Serves a region until the process is told to end.
     *
     * @param args the region's path.
     * @throws IOException if it cannot be served.
     * @throws InterruptedException never.
     */
    public static void main(final String[] args) throws IOException, InterruptedException {
        if (args.length != 1) {
            System.err.println("name the region's file, for example /dev/shm/vmrpc-sample");
            System.exit(2);
        }
        final Agent agent = launch(Path.of(args[0]));
        Runtime.getRuntime().addShutdownHook(new Thread(agent::close));
        System.err.println("serving " + args[0]);
        new CountDownLatch(1).await();
    }
}
