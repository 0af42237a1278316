package io.vmrpc.netty;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.vmrpc.error.VmrpcException;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.guest.Waiting;
import io.vmrpc.guest.socket.Sockets;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets an event loop of Netty wait for sockets of the host: on a {@link io.vmrpc.guest.RealTimeVcpu} by parking it.
 *
 * <pre>{@code
 * EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, VmrpcIoHandler.newFactory(guest, () -> guest.bind(new VcpuContext())));
 * }</pre>
 *
 * <p>Each loop has one {@link Sockets}, made by its own thread as it starts, and so takes one channel of the region; loops that park take one
 * vCPU each. If that fails, a warning is logged, and the next channel that needs a socket tries again and fails with the cause. When the
 * agent is lost, all channels of the loop fail and close; channels that are opened later get new sockets as soon as there is an agent ({@link
 * VmrpcGuest#reconnect}). Shut the group down before the {@link VmrpcGuest} is closed.
 */
public final class VmrpcIoHandler implements IoHandler {
    private static final InternalLogger LOG = InternalLoggerFactory.getInstance(VmrpcIoHandler.class);
    /** A longer one is none: 146 years, and no sum with it overflows. */
    private static final long LONGEST_DELAY = Long.MAX_VALUE / 2;
    private final ThreadAwareExecutor executor;
    private final SocketsSource source;
    private final Set<VmrpcRegistration> registrations = new HashSet<>();
    private final ArrayDeque<VmrpcRegistration> submitted = new ArrayDeque<>();
    private final ConnectGate connects = new ConnectGate();
    private volatile Thread thread;
    private volatile Sockets sockets;
    private boolean isDestroyed;
    private boolean isTimed;
    private long activeNs;
    private int handled;

    private VmrpcIoHandler(final ThreadAwareExecutor executor, final SocketsSource source) {
        this.executor = executor;
        this.source = source;
    }

    /**
     * Handlers whose sockets are made by a function of yours.
     *
     * @param open called on the thread of each event loop, which may become the owner of a vCPU in it; again after the agent was lost. The
     *     loop closes the sockets.
     * @return for a {@link io.netty.channel.MultiThreadIoEventLoopGroup} or a {@link io.netty.channel.SingleThreadIoEventLoop}.
     */
    public static IoHandlerFactory newFactory(final Callable<Sockets> open) {
        return executor -> new VmrpcIoHandler(executor, open::call);
    }

    /**
     * Handlers for event loops that wait as told.
     *
     * @param guest whose agent opens the sockets.
     * @param waiting called once on the thread of each event loop, for example {@code Waiting::sleeping} or {@code () ->
     *     guest.bind(context)}; what it returns is closed with the loop if it can be.
     * @return for a {@link io.netty.channel.MultiThreadIoEventLoopGroup} or a {@link io.netty.channel.SingleThreadIoEventLoop}.
     */
    public static IoHandlerFactory newFactory(final VmrpcGuest guest, final Callable<? extends Waiting> waiting) {
        return executor -> new VmrpcIoHandler(executor, new SocketsSource.Bound(guest, waiting));
    }

    @Override
    public void initialize() {
        thread = Thread.currentThread();
        try {
            sockets();
        } catch (final IOException e) {
            LOG.warn("{}", e.getMessage(), e);
        }
    }

    /** The loop's sockets, opened if there are none. */
    Sockets sockets() throws IOException {
        if (isDestroyed) {
            throw new IOException("the event loop has ended: register the channel at another one");
        }
        if (sockets == null) {
            try {
                sockets = source.open();
            } catch (final Exception e) {
                throw new IOException("the event loop has no sockets of the host (" + e.getMessage() + "): start the agent, and if there was a " +
                    "session before, call VmrpcGuest.reconnect", e);
            }
        }
        return sockets;
    }

    ConnectGate connects() {
        return connects;
    }

    @Override
    public int run(final IoHandlerContext context) {
        isTimed = context.shouldReportActiveIoTime();
        activeNs = 0;
        handled = 0;
        final boolean mayWait = submitted.isEmpty() && context.canBlock();
        final Sockets current = sockets;
        if (current == null) {
            idle(context, mayWait);
        } else {
            serve(current, context, mayWait);
        }
        for (int count = submitted.size(); count > 0; count--) {
            submitted.poll().tellSubmitted();
        }
        if (isTimed) {
            context.reportActiveIoTime(activeNs);
        }
        return handled;
    }

    private void serve(final Sockets current, final IoHandlerContext context, final boolean mayWait) {
        try {
            if (mayWait) {
                current.await(deadline(context));
            } else {
                current.poll();
            }
        } catch (final VmrpcException e) { // the channels know it already
            LOG.warn("the event loop has lost its sockets of the host: {}", e.getMessage());
            sockets = null;
            close(current);
        }
    }

    private static long deadline(final IoHandlerContext context) {
        final long now = System.nanoTime();
        final long delay = context.deadlineNanos() == -1 ? Long.MAX_VALUE : context.delayNanos(now);
        return delay > LONGEST_DELAY ? Long.MAX_VALUE : now + delay;
    }

    /** Without sockets there are tasks only. */
    private void idle(final IoHandlerContext context, final boolean mayWait) {
        if (mayWait && context.deadlineNanos() == -1) {
            LockSupport.park(this);
        } else if (mayWait) {
            LockSupport.parkNanos(this, context.delayNanos(System.nanoTime()));
        }
    }

    private static void close(final Sockets current) {
        try {
            current.close();
        } catch (final RuntimeException e) {
            LOG.debug("sockets closed with", e);
        }
    }

    /** A handle is about to be called: when, if anybody asks for it. */
    long begin() {
        handled++;
        return isTimed ? System.nanoTime() : 0;
    }

    void end(final long begun) {
        if (isTimed) {
            activeNs += System.nanoTime() - begun;
        }
    }

    void submit(final VmrpcRegistration registration) {
        submitted.add(registration);
    }

    @Override
    public void wakeup() {
        if (executor.isExecutorThread(Thread.currentThread())) {
            return;
        }
        final Sockets current = sockets; // a task stands in the queue by now: a loop whose sockets change sees it before it waits
        if (current != null) {
            current.wakeup();
        } else {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public IoRegistration register(final IoHandle handle) {
        if (!(handle instanceof VmrpcIoHandle ours)) {
            throw new IllegalArgumentException("handle=" + handle + " is none of VMRPC's: register it at an event loop of its own transport");
        }
        final VmrpcRegistration registration = new VmrpcRegistration(this, ours);
        registrations.add(registration);
        ours.registered();
        return registration;
    }

    void remove(final VmrpcRegistration registration) {
        if (executor.isExecutorThread(Thread.currentThread())) {
            if (registrations.remove(registration)) {
                registration.handle().unregistered();
            }
        } else {
            executor.execute(() -> remove(registration));
        }
    }

    @Override
    public boolean isCompatible(final Class<? extends IoHandle> handleType) {
        return VmrpcIoHandle.class.isAssignableFrom(handleType);
    }

    @Override
    public void prepareToDestroy() {
        for (final VmrpcRegistration registration : registrations.toArray(new VmrpcRegistration[0])) {
            try {
                registration.handle().close();
            } catch (final RuntimeException e) {
                LOG.warn("{} cannot be closed", registration.handle(), e);
            }
        }
    }

    @Override
    public void destroy() {
        isDestroyed = true;
        prepareToDestroy(); // a loop that was told to end at once may not have done so
        final Sockets current = sockets;
        sockets = null;
        if (current != null) {
            close(current);
        }
        source.close();
    }
}
