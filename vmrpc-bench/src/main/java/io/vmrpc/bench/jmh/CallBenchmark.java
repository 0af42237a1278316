package io.vmrpc.bench.jmh;

import io.vmrpc.guest.Channel;
import io.vmrpc.guest.GuestContext;
import io.vmrpc.guest.RealTimeVcpu;
import io.vmrpc.guest.VcpuContext;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.guest.Waiting;
import io.vmrpc.layout.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One synchronous call in loopback, agent in another process. Run with {@code -prof gc}: gc.alloc.rate.norm is bytes per call. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CallBenchmark {
    private static final int PING = Protocol.operation(Protocol.SERVICE_SESSION, Protocol.METHOD_PING);

    /** How caller and agent wait. */
    @Param({"spin", "block"})
    public String idle;

    /** Bytes each way. */
    @Param({"0", "256"})
    public int payload;

    private final UnsafeBuffer request = new UnsafeBuffer(new byte[256]);
    private Process agent;
    private VmrpcGuest guest;
    private RealTimeVcpu vcpu;
    private Channel channel;

    /** For JMH. */
    public CallBenchmark() {
    }

    /**
     * Starts the agent and connects.
     *
     * @throws IOException if the agent cannot be started.
     */
    @Setup(Level.Trial)
    public void connect() throws IOException {
        final Path region = Path.of("/dev/shm", "vmrpc-jmh-" + ProcessHandle.current().pid());
        Files.deleteIfExists(region);
        agent = AgentProcess.start(region, idle);
        guest = VmrpcGuest.connect(new GuestContext().region(region));
        vcpu = guest.bind(new VcpuContext().priority(0).lockMemory(false));
        channel = guest.openChannel(idle.equals("spin") ? Waiting.spinning() : vcpu);
    }

    /**
     * One call.
     *
     * @return length of the reply.
     */
    @Benchmark
    public int call() {
        return channel.call(PING, request, 0, payload, request);
    }

    /**
     * Disconnects and ends the agent.
     *
     * @throws Exception if the agent does not end.
     */
    @TearDown(Level.Trial)
    public void close() throws Exception {
        channel.close();
        vcpu.close();
        guest.close();
        agent.getOutputStream().close();
        if (!agent.waitFor(10, TimeUnit.SECONDS)) {
            agent.destroyForcibly();
        }
    }
}
