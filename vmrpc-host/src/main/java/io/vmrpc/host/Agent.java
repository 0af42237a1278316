package io.vmrpc.host;

import io.vmrpc.host.session.RegionCounters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;

/**
 * A running long-poll server.
 *
 * <p>Either with a thread for each shard ({@link #launch}), or driven by its maker with {@link #doWork} ({@link #invoker}), which makes
 * tests deterministic. Methods may be called from any thread unless they say otherwise.
 */
public final class Agent implements AutoCloseable {
    private final List<ShardThread> threads;
    private final List<Shard> shards;
    private boolean isClosed;

    private Agent(final List<ShardThread> threads, final List<Shard> shards) {
        this.threads = threads;
        this.shards = shards;
    }

    /**
     * Starts the shards. All regions are served, or none: an operator's mistake shall be seen at once and not as a guest that hangs.
     *
     * @param context what to serve; it is concluded.
     * @return an agent whose sockets listen.
     * @throws IOException naming the region that cannot be served and why; nothing runs then.
     */
    public static Agent launch(final AgentContext context) throws IOException {
        context.conclude();
        final List<ShardThread> threads = new ArrayList<>();
        final List<Shard> shards = new ArrayList<>();
        try {
            for (int i = 0; i < context.shards(); i++) {
                final ShardThread thread = new ShardThread(context, share(context, i), i);
                threads.add(thread);
                shards.add(thread.start().join());
            }
        } catch (final CompletionException e) {
            threads.forEach(ShardThread::stop);
            throw cause(e);
        }
        return new Agent(threads, List.copyOf(shards));
    }

    /**
     * Makes an agent of one shard without a thread of its own.
     *
     * @param context what to serve; it is concluded; threads, priority and idling mean nothing here.
     * @return an agent that runs only in {@link #doWork}, on the calling thread.
     * @throws IOException naming the region that cannot be served and why.
     */
    public static Agent invoker(final AgentContext context) throws IOException {
        context.conclude();
        final Shard shard = new Shard(Thread.currentThread(), context.clock());
        shard.open(context.regions(), context);
        return new Agent(List.of(), List.of(shard));
    }

    private static List<Path> share(final AgentContext context, final int shard) {
        final List<Path> share = new ArrayList<>();
        for (int i = shard; i < context.regions().size(); i += context.shards()) {
            share.add(context.regions().get(i));
        }
        return share;
    }

    private static IOException cause(final CompletionException e) {
        if (e.getCause() instanceof IOException io) {
            return io;
        }
        if (e.getCause() instanceof UncheckedIOException io) {
            return io.getCause();
        }
        if (e.getCause() instanceof Error error) {
            throw error;
        }
        throw (RuntimeException)e.getCause();
    }

    /**
     * Does what there is to do, once: sockets, tasks, rings, deadlines. Only for an agent made by {@link #invoker}, on its maker's thread.
     *
     * @return how much there was; 0: nothing.
     */
    public int doWork() {
        if (!threads.isEmpty()) {
            throw new IllegalStateException("this agent has threads of its own: doWork is for Agent.invoker");
        }
        final Shard shard = shards.get(0);
        return shard.runNow() + shard.turn();
    }

    /**
     * A shard.
     *
     * @param index 0 to {@link #shardCount()} - 1.
     * @return the shard.
     */
    public Shard shard(final int index) {
        return shards.get(index);
    }

    /**
     * How many shards run.
     *
     * @return at least 1.
     */
    public int shardCount() {
        return shards.size();
    }

    /**
     * What happened since the start.
     *
     * @return live counts of each region.
     */
    public List<RegionCounters> counters() {
        final List<RegionCounters> counters = new ArrayList<>();
        shards.forEach(shard -> counters.addAll(shard.counters()));
        return counters;
    }

    /**
     * Ends all sessions, removes the sockets and releases the regions. A guest sees that its agent is lost.
     *
     * <p>An agent made by {@link #invoker} is closed by its maker's thread.
     */
    @Override
    public synchronized void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        if (threads.isEmpty()) {
            shards.get(0).close();
        } else {
            threads.forEach(ShardThread::stop);
        }
    }
}
