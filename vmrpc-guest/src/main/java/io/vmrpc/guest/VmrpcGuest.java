package io.vmrpc.guest;

import io.vmrpc.error.ConnectException;
import io.vmrpc.error.Status;
import io.vmrpc.error.StatusException;
import io.vmrpc.guest.rpc.GuestRpc;
import io.vmrpc.guest.file.FilesContext;
import io.vmrpc.guest.file.VmFileSystem;
import io.vmrpc.guest.socket.Sockets;
import io.vmrpc.guest.socket.SocketsContext;
import io.vmrpc.layout.Protocol;
import io.vmrpc.layout.SlotDescriptor;
import io.vmrpc.park.Parker;
import io.vmrpc.region.Region;
import io.vmrpc.region.RegionException;
import io.vmrpc.region.ShimLine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A guest process's connection to the agent on its host.
 *
 * <pre>{@code
 * try (VmrpcGuest guest = VmrpcGuest.connect();
 *      RealTimeVcpu vcpu = guest.bind(new VcpuContext());
 *      Channel channel = guest.openChannel(vcpu)) {
 *     int echo = guest.resolve("echo");
 *     int length = channel.call(Protocol.operation(echo, 0), request, 0, request.capacity(), reply);
 * }
 * }</pre>
 *
 * <p>Thread-safe; channels and vCPUs belong to one thread each.
 */
public final class VmrpcGuest implements AutoCloseable {
    private static final GuestKernel KERNEL = new GuestKernel(Path.of("/"));
    private final GuestContext context;
    private final Region region;
    private final Gate gate;
    private final AtomicBuffer header;
    private final BitSet channelsUsed = new BitSet();
    private final BitSet slotsUsed = new BitSet();
    private volatile HostClock anyClock;
    private Session session;
    private volatile long sessions;
    private Channel control;
    private boolean isClosed;

    private VmrpcGuest(final GuestContext context, final Region region, final Gate gate) {
        this.context = context;
        this.region = region;
        this.gate = gate;
        header = region.header();
    }

    /**
     * Connects to the agent of this VM's region.
     *
     * @return the connection.
     * @throws ConnectException if device, privilege, shim, agent or version is missing; the message says which and the remedy.
     */
    public static VmrpcGuest connect() {
        return connect(new GuestContext());
    }

    /**
     * Connects.
     *
     * @param context where to.
     * @return the connection.
     * @throws ConnectException if something is missing; the message says what and the remedy.
     */
    public static VmrpcGuest connect(final GuestContext context) {
        final Path path = context.regionPath();
        final boolean isDevice = context.isDevice(path);
        final Region region = openRegion(path, isDevice);
        Gate gate = null;
        try {
            gate = isDevice ? Gate.instruction(region.header()) : Gate.loopback(region, context.socketPath());
            disarmAll(region);
            final VmrpcGuest guest = new VmrpcGuest(context, region, gate);
            guest.startSession(context.timeout());
            return guest;
        } catch (final RuntimeException e) {
            if (gate != null) {
                gate.close();
            }
            region.close();
            throw e;
        }
    }

    /** A process that was killed in a park leaves its slot armed, and the probe for this thread's slot would park there. */
    private static void disarmAll(final Region region) {
        for (int i = 0; i < region.geometry().slotCount(); i++) {
            if (lockSlot(region, i)) {
                region.slot(i).putIntRelease(SlotDescriptor.ARMED, 0);
                region.unlockSlot(i);
            }
        }
    }

    /** Rule R45: one process stores to a slot. */
    private static boolean lockSlot(final Region region, final int slot) {
        try {
            return region.tryLockSlot(slot);
        } catch (final IOException e) {
            throw new ConnectException("slot " + slot + " cannot be locked: " + e.getMessage());
        }
    }

    private static Region openRegion(final Path path, final boolean isDevice) {
        try {
            return isDevice ? Region.openDevice(path) : Region.open(path);
        } catch (final RegionException e) {
            throw new ConnectException(e.getMessage());
        } catch (final IOException e) {
            throw new ConnectException(e.getMessage() + ": check the region's path and this user's permission");
        }
    }

    private synchronized void startSession(final Duration timeout) {
        final AtomicBuffer memory = region.channel(0);
        new io.vmrpc.ring.SubmissionProducer(memory, region.geometry()); // zeroes what an earlier session left, before the hello
        new io.vmrpc.ring.CompletionConsumer(memory, region.geometry());
        session = Session.open(header, gate, timeout.toNanos());
        sessions++;
        control = new Channel(session, 0, memory, region.geometry(), Waiting.sleeping(), this::toHost, () -> null, () -> { });
        channelsUsed.clear();
        channelsUsed.set(0);
    }

    /**
     * Begins a new session after the agent was lost. Channels of the old one stay failed: open new ones. vCPUs stay bound.
     *
     * @param timeout how long to wait for a new agent.
     * @throws ConnectException if none comes.
     */
    public void reconnect(final Duration timeout) {
        startSession(timeout);
    }

    /**
     * Makes the calling thread the owner of a vCPU: pins it, gives it real-time priority, locks memory, finds its slot.
     *
     * @param vcpu what to do to the thread.
     * @return the vCPU; close it on any thread.
     * @throws ConnectException if a privilege or the shim is missing; the message says the remedy.
     */
    public RealTimeVcpu bind(final VcpuContext vcpu) {
        final int cpu = vcpu.cpu() >= 0 || gate.isLoopback() ? vcpu.cpu() : KERNEL.isolatedCpu();
        if (!gate.isLoopback()) {
            checkGuest(cpu);
        }
        final ThreadBinding binding = ThreadBinding.bind(cpu, vcpu, gate.isLoopback() ? List.of() : KERNEL.warnings(cpu));
        try {
            final int slot = claimSlot(gate.isLoopback() ? -1 : VcpuProbe.slot(region, gate.handle()));
            final HostClock clock = new HostClock();
            VcpuProbe.calibrate(clock, region.slot(slot), slot, gate.handle());
            anyClock = clock;
            return new RealTimeVcpu(binding, new Parker(region.slot(slot), slot, gate.handle()), slot, clock, vcpu,
                !gate.isLoopback(), () -> releaseSlot(slot));
        } catch (final RuntimeException e) {
            binding.close();
            throw e;
        }
    }

    /** What ends parks of a vCPU that the calling thread has bound, from other threads. */
    Kick kick(final RealTimeVcpu vcpu) {
        return Kick.ofThisThread(gate, vcpu.slot());
    }

    /**
     * Lets the calling thread wait on the real-time vCPU that vmrpc-guestd shares: for threads of a process that {@code vmrpc run} has started.
     *
     * @return the wait; for {@link #openChannel} and {@link VmTimer}.
     * @throws ConnectException if the process was not started so, or the service is not there.
     */
    public SharedVcpu share() {
        return SharedVcpu.of(region);
    }

    private static void checkGuest(final int cpu) {
        if (cpu < 0) {
            throw new ConnectException("this guest has no isolated CPU: boot it with isolcpus=nohz,domain,managed_irq,1 or name one with VcpuContext.cpu");
        }
        if (!"tsc".equals(KERNEL.clocksource())) {
            throw new ConnectException("the guest's clocksource is " + KERNEL.clocksource() +
                " and not tsc, so host deadlines cannot be kept: boot it with clocksource=tsc tsc=reliable");
        }
    }

    private synchronized int claimSlot(final int wanted) {
        final int slot = wanted >= 0 ? wanted : slotsUsed.nextClearBit(0);
        if (slot >= region.geometry().slotCount() || slotsUsed.get(slot)) {
            throw new ConnectException(wanted >= 0 ? "vCPU " + slot + " is bound to another thread of this process: close that binding first"
                : "all " + region.geometry().slotCount() + " slots are in use: start the agent with more slots");
        }
        if (!lockSlot(region, slot)) {
            throw new ConnectException("vCPU " + slot + " belongs to another process of this guest, such as vmrpc-guestd, which shares it: " +
                "end that, or leave the waiting to it (vmrpc run)");
        }
        slotsUsed.set(slot);
        return slot;
    }

    private synchronized void releaseSlot(final int slot) {
        region.unlockSlot(slot);
        slotsUsed.clear(slot);
    }

    /**
     * Opens a channel for the calling thread.
     *
     * @param waiting how the thread waits: its {@link RealTimeVcpu}, {@link Waiting#spinning()} or {@link Waiting#sleeping()}.
     * @return the channel.
     * @throws io.vmrpc.error.VmrpcException if the session has ended or the agent's quota is reached.
     */
    public synchronized Channel openChannel(final Waiting waiting) {
        final int number = channelsUsed.nextClearBit(1);
        if (number >= region.geometry().channelCount()) {
            throw new ConnectException("all " + region.geometry().channelCount() + " channels are in use: close one, or start the agent with more");
        }
        final Session current = session;
        final Channel channel = new Channel(current, number, region.channel(number), region.geometry(), waiting, this::toHost,
            () -> waiting instanceof RealTimeVcpu vcpu ? new WakeUp(kick(vcpu)) : null, () -> closeChannel(number, current));
        final UnsafeBuffer request = new UnsafeBuffer(new byte[8]);
        request.putInt(0, number);
        request.putInt(4, waiting.slot());
        callControl(Protocol.METHOD_OPEN_CHANNEL, request, new UnsafeBuffer(new byte[0]));
        channelsUsed.set(number);
        return channel;
    }

    /**
     * Opens a channel for the calling thread, with sockets of the host over it.
     *
     * @param waiting how the thread waits.
     * @return the sockets, which own the channel: close them on this thread.
     * @throws io.vmrpc.error.VmrpcException as {@link #openChannel}, and if the agent offers no sockets or the kernel lacks membarrier(2).
     */
    public Sockets openSockets(final Waiting waiting) {
        return openSockets(waiting, new SocketsContext());
    }

    /**
     * The same with settings.
     *
     * @param waiting how the thread waits.
     * @param settings of the sockets.
     * @return the sockets, which own the channel: close them on this thread.
     * @throws io.vmrpc.error.VmrpcException as {@link #openSockets(Waiting)}.
     */
    public Sockets openSockets(final Waiting waiting, final SocketsContext settings) {
        return Sockets.owning(this, openChannel(waiting), settings);
    }

    /**
     * Opens a channel for the calling thread, with typed calls over it.
     *
     * @param waiting how the thread waits.
     * @return the calls, which own the channel: close them on this thread.
     * @throws io.vmrpc.error.VmrpcException as {@link #openChannel}.
     */
    public GuestRpc openRpc(final Waiting waiting) {
        return GuestRpc.owning(this, openChannel(waiting));
    }

    /**
     * Opens the host's exported folders as a file system. Its paths are {@code /export/path}, also as {@code vmrpc:/export/path} if no other file
     * system of this process is open.
     *
     * @return the file system, for any thread; closing it leaves this connection open.
     * @throws io.vmrpc.error.VmrpcException if the session has ended or the agent offers no files.
     */
    public VmFileSystem openFiles() {
        return openFiles(new FilesContext());
    }

    /**
     * The same with settings.
     *
     * @param settings of the file system.
     * @return the file system, for any thread; closing it leaves this connection open.
     * @throws io.vmrpc.error.VmrpcException as {@link #openFiles()}.
     */
    public VmFileSystem openFiles(final FilesContext settings) {
        return VmFileSystem.over(this, settings);
    }

    /**
     * Which session of this connection is the current one.
     *
     * @return 1 at first, one more after each {@link #reconnect}: what an earlier session had opened is gone.
     */
    public long sessionNumber() {
        return sessions;
    }

    private synchronized void closeChannel(final int number, final Session of) {
        if (of == session && session.failure() == null) {
            final UnsafeBuffer request = new UnsafeBuffer(new byte[4]);
            request.putInt(0, number);
            callControl(Protocol.METHOD_CLOSE_CHANNEL, request, new UnsafeBuffer(new byte[0]));
            channelsUsed.clear(number);
        }
    }

    /**
     * Finds a service of the agent.
     *
     * @param name that it was registered with.
     * @return its number in this session, for {@link Protocol#operation}.
     * @throws io.vmrpc.error.StatusException NOT_FOUND if the agent has no such service.
     */
    public synchronized int resolve(final String name) {
        final UnsafeBuffer reply = new UnsafeBuffer(new byte[4]);
        try {
            callControl(Protocol.METHOD_RESOLVE, new UnsafeBuffer(name.getBytes(StandardCharsets.UTF_8)), reply);
        } catch (final StatusException e) {
            throw e.status() == Status.NOT_FOUND ? new StatusException(Status.NOT_FOUND, e.detail(),
                "the agent offers no service named " + name + ": check the name, or register it with AgentContext.service") : e;
        }
        return reply.getInt(0);
    }

    private int callControl(final int method, final UnsafeBuffer request, final UnsafeBuffer reply) {
        return control.call(Protocol.operation(Protocol.SERVICE_SESSION, method), request, 0, request.capacity(), reply, 0,
            System.nanoTime() + context.timeout().toNanos());
    }

    /** Deadlines of requests need host time: in loopback the clocks are one, in a VM a bound vCPU has measured the offset. */
    private long toHost(final long guestNs) {
        if (gate.isLoopback() || guestNs == Long.MAX_VALUE) {
            return guestNs;
        }
        final HostClock clock = anyClock;
        return clock == null ? Protocol.NO_DEADLINE : clock.toHost(guestNs);
    }

    /**
     * What parks this guest: the shim's words in the region.
     *
     * @return for example {@code QEMU TCG, kick hook}.
     */
    public String shim() {
        return ShimLine.read(header).text();
    }

    /**
     * The region in use.
     *
     * @return its path.
     */
    public Path region() {
        return region.path();
    }

    /** Ends the session and unmaps the region. Close channels and vCPUs before: their threads must not be inside a call. */
    @Override
    public synchronized void close() {
        if (!isClosed) {
            isClosed = true;
            session.close();
            gate.close();
            region.close();
        }
    }
}
