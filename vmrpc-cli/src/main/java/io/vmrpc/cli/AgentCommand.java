package io.vmrpc.cli;

import io.vmrpc.host.Agent;
import io.vmrpc.host.AgentContext;
import io.vmrpc.host.ShardIdle;
import io.vmrpc.host.file.FileService;
import io.vmrpc.host.policy.Policy;
import io.vmrpc.host.policy.PolicyException;
import io.vmrpc.host.rpc.RpcServices;
import io.vmrpc.host.socket.SocketService;
import io.vmrpc.layout.Geometry;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./vmrpc agent}: serves regions with the built-in services until it is told to stop. */
@Command(name = "agent", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Serves regions on this host until SIGTERM or SIGINT; offers the services echo, socket, vmrpc.health and vmrpc.reflection.")
final class AgentCommand implements Callable<Integer> {
    @Option(names = "--region", required = true, paramLabel = "FILE", description = "region file of one guest; may be repeated")
    private List<Path> regions;

    @Option(names = "--slots", defaultValue = "8", description = "vCPUs that can park (default: ${DEFAULT-VALUE})")
    private int slots;

    @Option(names = "--channels", defaultValue = "16", description = "channels of a guest (default: ${DEFAULT-VALUE})")
    private int channels;

    @Option(names = "--records", defaultValue = "256", description = "records of a ring, a power of two (default: ${DEFAULT-VALUE})")
    private int records;

    @Option(names = "--payload", defaultValue = "2048", description = "bytes a record can carry (default: ${DEFAULT-VALUE})")
    private int payload;

    @Option(names = "--spin", description = "poll without pause: lowest latency, takes a CPU")
    private boolean spin;

    @Option(names = "--priority", defaultValue = "0", description = "SCHED_FIFO priority of the serving thread, 0 for none (default: ${DEFAULT-VALUE})")
    private int priority;

    @Option(names = "--cpu", paramLabel = "N", defaultValue = "-1", description = "pin the serving thread to this CPU; best that of the vCPU's thread (default: anywhere)")
    private int cpu;

    @Option(names = "--policy", paramLabel = "FILE", description = "what guests may reach of the network (default: nothing); ./vmrpc policy check looks at it")
    private Path policyFile;

    @Option(names = "--keep", description = "leave region files in place at the end, for VMs that go on running")
    private boolean keep;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** For picocli. */
    AgentCommand() {
    }

    @Override
    public Integer call() throws Exception {
        final AgentContext context = context();
        final CountDownLatch end = new CountDownLatch(1);
        final Agent agent = Agent.launch(context);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            agent.close();
            end.countDown();
        }));
        System.err.println("vmrpc: agent serves " + regions + ", " + new Geometry(slots, channels, records, payload).regionLength() + " bytes each");
        end.await();
        return 0;
    }

    private AgentContext context() {
        final Policy policy = policy();
        try {
            final AgentContext context = new AgentContext().geometry(new Geometry(slots, channels, records, payload)).service(new EchoService())
                .service(new SocketService(policy)).service(new FileService(policy)).idle(spin ? ShardIdle.SPINNING : ShardIdle.BLOCKING).shardPriority(priority).shardCpu(cpu)
                .removeRegionsOnClose(!keep);
            regions.forEach(context::region);
            return new RpcServices().withHealth().withReflection().register(context);
        } catch (final IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), inOptions(e.getMessage()));
        }
    }

    private Policy policy() {
        if (policyFile == null) {
            return Policy.closed();
        }
        try {
            final Policy policy = Policy.load(policyFile);
            regions.stream().filter(region -> !policy.hasGuest(region))
                .forEach(region -> System.err.println("vmrpc: " + policyFile + " has no guest for " + region + ": it may reach nothing"));
            return policy;
        } catch (final PolicyException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage());
        }
    }

    /** The library names its parameters, the command line its options. */
    private static String inOptions(final String message) {
        return message.replaceFirst("^slotCount=", "--slots ").replaceFirst("^channelCount=", "--channels ")
            .replaceFirst("^ringCapacity=", "--records ").replaceFirst("^payloadCapacity=", "--payload ")
            .replaceFirst("^shardPriority=", "--priority ").replaceFirst("^shardCpu=", "--cpu ").replaceFirst("^region length=", "a region of these options would have ");
    }
}
