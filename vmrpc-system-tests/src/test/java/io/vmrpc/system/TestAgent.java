package io.vmrpc.system;

import io.vmrpc.host.Agent;
import io.vmrpc.host.AgentContext;
import io.vmrpc.host.policy.Policy;
import io.vmrpc.host.rpc.RpcService;
import io.vmrpc.host.service.End;
import io.vmrpc.host.service.Request;
import io.vmrpc.host.service.Service;
import io.vmrpc.host.service.SessionInfo;
import io.vmrpc.host.service.Withheld;
import io.vmrpc.host.session.RegionCounters;
import io.vmrpc.host.file.FileService;
import io.vmrpc.host.socket.SocketService;
import io.vmrpc.system.guest.TypedDispatcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An agent in the test's process, with its regions, an echo, and a service that answers nothing and remembers how requests ended. */
final class TestAgent implements AutoCloseable {
    private final Agent agent;
    private final List<Path> regions;
    private final TimedServices timed = new TimedServices();
    final Withholding withholding = new Withholding();

    TestAgent(Path... regions) throws IOException {
        this(Policy.closed(), regions);
    }

    /** With sockets of this host for its guests. */
    TestAgent(Policy policy, Path... regions) throws IOException {
        this.regions = List.of(regions);
        AgentContext context = new AgentContext().service(new Echo()).service(withholding).service(new SocketService(policy)).service(new FileService(policy));
        context.service(RpcService.of(TypedDispatcher.of(new TypedHostOfTests())));
        timed.services().forEach(context::service);
        this.regions.forEach(context::region);
        agent = Agent.launch(context);
    }

    /** {@return a name under /dev/shm that no other run uses} */
    static Path region(String name) throws IOException {
        Path region = Path.of("/dev/shm", "vmrpc-test-" + name + "-" + ProcessHandle.current().pid());
        Files.deleteIfExists(region);
        return region;
    }

    RegionCounters counters(Path region) {
        return agent.counters().stream().filter(each -> each.region().equals(region)).findFirst().orElseThrow();
    }

    /** The program: {@code REGION}; ends with its input. A process of its own can be killed. */
    public static void main(String[] arguments) throws IOException {
        TestAgent agent = new TestAgent(Path.of(arguments[0]));
        System.out.println("ready");
        while (System.in.read() >= 0) {
            continue;
        }
        agent.stop();
    }

    /** Ends the agent and leaves its regions. */
    void stop() {
        agent.close();
        timed.close();
    }

    @Override
    public void close() throws IOException {
        stop();
        for (Path region : regions) {
            Files.deleteIfExists(region);
        }
    }

    private static final class Echo implements Service {
        @Override
        public String name() {
            return "echo";
        }

        @Override
        public void onRequest(Request request) {
            request.reply(request.payload(), request.offset(), request.length());
        }
    }

    /** Written by the shard's thread. */
    static final class Withholding implements Service {
        final List<Withheld> requests = new CopyOnWriteArrayList<>();
        final List<End> ends = new CopyOnWriteArrayList<>();
        final List<SessionInfo> endedSessions = new CopyOnWriteArrayList<>();

        @Override
        public String name() {
            return "withhold";
        }

        @Override
        public void onRequest(Request request) {
            Withheld kept = request.withhold();
            kept.onEnd((handle, why) -> ends.add(why));
            requests.add(kept);
        }

        @Override
        public void onSessionEnd(SessionInfo session) {
            endedSessions.add(session);
        }
    }
}
