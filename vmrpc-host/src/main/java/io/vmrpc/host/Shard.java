package io.vmrpc.host;

import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.epoll.EpollIoHandler;
import io.vmrpc.host.session.Deadlines;
import io.vmrpc.host.session.RegionCounters;
import io.vmrpc.host.session.SessionContext;
import io.vmrpc.layout.Protocol;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One thread's share of the regions, on Netty's event loop, so that services may have sockets of their own on the same thread.
 *
 * <p>Only {@link #execute} may be called by other threads.
 */
public final class Shard implements Executor {
    /** Sleeps that the services found something to do before, until other sockets get a look: one busy socket must not keep them waiting. */
    private static final int LOOKS_PER_IO = 4;
    private final ManualIoEventLoop loop;
    private final Deadlines deadlines = new Deadlines();
    private final NanoClock clock;
    private final List<Attachment> attachments = new ArrayList<>();
    private Attachment[] served = {};
    private int looks;

    Shard(final Thread thread, final NanoClock clock) {
        this.clock = clock;
        loop = new ManualIoEventLoop(thread, EpollIoHandler.newFactory());
    }

    /** Opens regions; if one cannot be served none is. */
    void open(final List<Path> paths, final AgentContext agent) throws IOException {
        final SessionContext context = new SessionContext(agent.services(), agent.quotas(), clock, deadlines,
            new UnsafeBuffer(ByteBuffer.allocateDirect(agent.geometry().payloadCapacity())), this, loop);
        try {
            for (final Path path : paths) {
                attachments.add(Attachment.open(loop, path, agent, context));
            }
        } catch (final IOException | RuntimeException e) {
            close();
            throw e;
        }
        served = attachments.toArray(new Attachment[0]);
    }

    /**
     * Runs a task on this shard's thread, and wakes it if it sleeps. For any thread.
     *
     * @param task must not block.
     */
    @Override
    public void execute(final Runnable task) {
        loop.execute(task);
    }

    /**
     * Netty's event loop, for services with sockets of their own.
     *
     * @return driven by this shard's thread.
     */
    public ManualIoEventLoop loop() {
        return loop;
    }

    List<RegionCounters> counters() {
        final List<RegionCounters> counters = new ArrayList<>();
        for (final Attachment attachment : attachments) {
            counters.add(attachment.served().counters());
        }
        return counters;
    }

    /** Takes what is in the rings and ends what is past its deadline. */
    int turn() {
        int work = 0;
        for (final Attachment attachment : served) {
            work += attachment.served().turn();
        }
        if (deadlines.next() != Protocol.NO_DEADLINE && deadlines.expire(clock.nanoTime()) > 0) {
            work++;
            settle();
        }
        return work;
    }

    /** Sockets, doorbells and tasks, without waiting. */
    int runNow() {
        final int work = loop.runNow();
        if (work > 0) {
            settle();
        }
        return work + beforeSleep();
    }

    private int beforeSleep() {
        int work = 0;
        for (final Attachment attachment : served) {
            work += attachment.served().beforeSleep();
        }
        return work;
    }

    /** Steps S1 to S5, unless the services find something to do. */
    void sleep() {
        if (beforeSleep() > 0) {
            if (++looks % LOOKS_PER_IO == 0 && loop.runNow() > 0) {
                settle();
            }
            return;
        }
        for (final Attachment attachment : served) {
            attachment.served().sleeping(true); // S1
        }
        VarHandle.fullFence(); // S2; partner: D2, the guest's fence between its submission and its look at `sleeping`
        if (!hasWork()) { // S3
            final long next = deadlines.next();
            if (next == Protocol.NO_DEADLINE) {
                loop.run(0); // S4; 0 is for ever
            } else {
                loop.run(Math.max(1, next - clock.nanoTime()));
            }
        }
        for (final Attachment attachment : served) {
            attachment.served().sleeping(false); // S5
        }
        settle();
    }

    private boolean hasWork() {
        for (final Attachment attachment : served) {
            if (attachment.served().hasWork()) {
                return true;
            }
        }
        return false;
    }

    private void settle() {
        for (final Attachment attachment : served) {
            attachment.served().settle();
        }
    }

    void close() {
        for (final Attachment attachment : attachments) {
            attachment.close();
        }
        served = new Attachment[0];
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        while (!loop.isTerminated()) {
            loop.runNow();
        }
    }
}
