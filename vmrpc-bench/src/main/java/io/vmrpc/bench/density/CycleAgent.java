package io.vmrpc.bench.density;

import io.vmrpc.bench.report.DensityVariants;
import io.vmrpc.host.Agent;
import io.vmrpc.host.AgentContext;
import io.vmrpc.host.policy.GuestPolicy;
import io.vmrpc.host.policy.Limits;
import io.vmrpc.host.policy.Policy;
import io.vmrpc.host.policy.Rule;
import io.vmrpc.host.policy.Transport;
import io.vmrpc.host.socket.SocketService;
import io.vmrpc.layout.Geometry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Main class: one agent, with one shard, of many guests. Schedules are for guests that ask the service "cycles"; others are only served.
 */
public final class CycleAgent {
    /** The smallest in which the loops have room: 256 KiB a guest. */
    private static final Geometry GEOMETRY = new Geometry(2, 2, 16, 1024);

    private CycleAgent() {
    }

    /** {@return the region of a guest in the folder of a run} */
    public static Path region(final Path folder, final int guest) {
        return folder.resolve("guest-" + guest);
    }

    /**
     * Serves until its input ends.
     *
     * @param args folder for the regions, number of guests, the peer's address, SCHED_FIFO priority of the shard (0: none), its CPU (-1:
     *     any), and {@code garbage} or {@code clean}.
     * @throws IOException if a region cannot be served.
     * @throws InterruptedException never.
     */
    public static void main(final String[] args) throws IOException, InterruptedException {
        final CycleService cycles = new CycleService();
        final Policy policy = Policy.forAll(GuestPolicy.of(Limits.DEFAULT,
            List.of(Rule.allow("peer").outbound(Transport.UDP).addresses(args[2]).build())));
        final AgentContext context = new AgentContext().geometry(GEOMETRY).service(cycles).service(new SocketService(policy))
            .shardPriority(Integer.parseInt(args[3])).shardCpu(Integer.parseInt(args[4])).removeRegionsOnClose(true);
        for (int i = 0; i < Integer.parseInt(args[1]); i++) {
            context.region(region(Path.of(args[0]), i));
        }
        final Agent agent = Agent.launch(context);
        try {
            if (args[5].equals("garbage")) {
                Garbage.begin();
            }
            Commands.obey(schedule -> cycles.run(schedule).rows(DensityVariants.QEMU, "qemu"));
        } finally {
            agent.close();
        }
    }
}
