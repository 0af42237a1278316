package io.vmrpc.host.fuzz;

import io.vmrpc.host.Agent;
import io.vmrpc.host.AgentContext;
import io.vmrpc.host.ShardIdle;
import io.vmrpc.host.session.Quotas;
import io.vmrpc.layout.Geometry;
import io.vmrpc.region.Region;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Scribbles over one region and its socket for a while, from threads of its own, while an honest guest of the same shard makes calls.
 *
 * <p>{@code java io.vmrpc.host.fuzz.Fuzzer SECONDS [SEED]}
 */
public final class Fuzzer {
    private static final Geometry GEOMETRY = new Geometry(2, 4, 8, 128);
    private static final Quotas QUOTAS = new Quotas(3, 16, 8, 1000);
    private final Path folder;
    private final long seed;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile boolean isRunning = true;
    private long steps;

    /**
     * Begins.
     *
     * @param folder for the regions.
     * @param seed of all random choices.
     */
    public Fuzzer(final Path folder, final long seed) {
        this.folder = folder;
        this.seed = seed;
    }

    /**
     * Runs from the command line.
     *
     * @param arguments seconds and seed.
     * @throws Exception if the agent misbehaved.
     */
    public static void main(final String[] arguments) throws Exception {
        final long seconds = arguments.length > 0 ? Long.parseLong(arguments[0]) : 60;
        final long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
        final Path folder = Files.createTempDirectory("vmrpc-fuzz");
        new Fuzzer(folder, seed).run(Duration.ofSeconds(seconds));
        Files.delete(folder);
    }

    /**
     * Fuzzes.
     *
     * @param time how long.
     * @return calls that the honest guest made.
     * @throws Exception if the agent misbehaved: an honest call unanswered or answered wrongly, or a failure in the agent.
     */
    public long run(final Duration time) throws Exception {
        System.out.println("fuzzing for " + time.toSeconds() + " s, seed " + seed);
        final FuzzedService service = new FuzzedService(new Random(seed));
        final AgentContext context = new AgentContext().region(folder.resolve("hostile")).region(folder.resolve("honest"))
            .geometry(GEOMETRY).quotas(QUOTAS).service(service).idle(ShardIdle.spinFor(Duration.ofMillis(1))).removeRegionsOnClose(true);
        final long calls;
        try (Agent agent = Agent.launch(context)) {
            try (HonestGuest honest = new HonestGuest(folder.resolve("honest"));
                Region hostile = Region.open(folder.resolve("hostile"))) {
                calls = run(hostile, honest, System.nanoTime() + time.toNanos());
            }
            System.out.println(steps + " hostile steps, " + calls + " honest calls; " + agent.counters());
            if (service.liveCount() > QUOTAS.channels() * QUOTAS.outstanding()) {
                throw new AssertionError("outstanding=" + service.liveCount() + " is beyond the quota");
            }
        }
        return calls;
    }

    private long run(final Region hostile, final HonestGuest honest, final long endNs) throws Exception {
        final Thread scribbling = start("scribbler", () -> scribble(hostile));
        final Thread knocking = start("knocker", this::knock);
        try {
            long calls = 0;
            while (System.nanoTime() < endNs && failure.get() == null) {
                honest.call(calls++);
            }
            return calls;
        } finally {
            isRunning = false;
            scribbling.join();
            knocking.join();
            if (failure.get() != null) {
                throw new AssertionError("a fuzzing thread failed, seed " + seed, failure.get());
            }
        }
    }

    /** Something that runs until the end. */
    private interface Task {
        void run() throws Exception;
    }

    private Thread start(final String name, final Task task) {
        final Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (final Exception | Error e) {
                failure.compareAndSet(null, e);
            }
        }, name);
        thread.start();
        return thread;
    }

    private void scribble(final Region hostile) {
        final Scribbler scribbler = new Scribbler(hostile, new Random(seed + 1));
        while (isRunning) {
            for (int i = 0; i < 100; i++) {
                scribbler.step();
                steps++;
            }
            Thread.yield(); // two cores are all there may be
        }
    }

    private void knock() throws IOException, InterruptedException {
        final Random random = new Random(seed + 2);
        while (isRunning) {
            final byte[] bytes = new byte[random.nextInt(80)];
            random.nextBytes(bytes);
            try (SocketChannel socket = SocketChannel.open(UnixDomainSocketAddress.of(folder.resolve("hostile.sock")))) {
                socket.write(ByteBuffer.wrap(bytes));
            } catch (final IOException e) {
                if (!Files.exists(folder.resolve("hostile.sock"))) {
                    throw e; // otherwise the agent hung up first, as it may
                }
            }
            Thread.sleep(random.nextInt(20));
        }
    }
}
