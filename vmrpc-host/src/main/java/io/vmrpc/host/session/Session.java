package io.vmrpc.host.session;

import io.vmrpc.error.ProtocolViolation;
import io.vmrpc.error.Status;
import io.vmrpc.host.service.Service;
import io.vmrpc.host.service.SessionInfo;
import io.vmrpc.layout.Protocol;
import io.vmrpc.region.Region;

/** One guest's use of a region, from its hello to its end. */
final class Session {
    private final Region region;
    private final SessionContext context;
    private final RegionCounters counters;
    private final SlotSignals signals;
    private final Dispatch dispatch;
    private final ControlOperations control;
    private final SessionInfo info;
    private final Service[] services;
    private final HostChannel[] channels;
    private final boolean keepsDeadlines;
    private final Thread thread = Thread.currentThread();
    private int openCount;
    private long heldBytes;
    private boolean isEnded;
    private ProtocolViolation violation;

    Session(final ServedRegion served, final Region region, final SessionInfo info, final long features, final int controlSlot) {
        this.region = region;
        this.info = info;
        context = served.context();
        counters = served.counters();
        signals = served.signals();
        dispatch = served.dispatch();
        control = new ControlOperations(this, context.services());
        keepsDeadlines = (features & Protocol.FEATURE_DEADLINES) != 0;
        services = new Service[context.services().size()];
        channels = new HostChannel[region.geometry().channelCount()];
        channels[0] = new HostChannel(this, region, 0, controlSlot);
        openCount = 1;
    }

    SessionContext context() {
        return context;
    }

    RegionCounters counters() {
        return counters;
    }

    SlotSignals signals() {
        return signals;
    }

    Dispatch dispatch() {
        return dispatch;
    }

    /** What serves this session of a service. */
    Service service(final int number) {
        Service bound = services[number];
        if (bound == null) {
            bound = context.services().get(number).forSession(info, context.loop());
            services[number] = bound;
        }
        return bound;
    }

    /** The same, and the service itself if no request has come for it. */
    Service boundOrShared(final int number) {
        return services[number] == null ? context.services().get(number) : services[number];
    }

    ControlOperations control() {
        return control;
    }

    SessionInfo info() {
        return info;
    }

    /** Serves each channel once; completions of a channel are signalled before the next channel's turn. */
    int turn() {
        int work = 0;
        try {
            for (int i = 0; i < channels.length; i++) {
                final HostChannel channel = channels[i];
                if (channel != null) {
                    work += channel.turn();
                    signals.signal();
                }
            }
        } catch (final ProtocolViolation e) {
            violate(e);
        }
        return work;
    }

    boolean hasWork() {
        for (final HostChannel channel : channels) {
            if (channel != null && channel.hasWork()) {
                return true;
            }
        }
        return violation != null;
    }

    /** What the services find to do before the shard sleeps. */
    int beforeSleep() {
        int work = 0;
        for (final Service bound : services) {
            if (bound != null) {
                work += bound.beforeSleep();
            }
        }
        return work;
    }

    /** Remembers the first violation; {@link ServedRegion#settle} ends the session where no service code is on the stack. */
    void violate(final ProtocolViolation first) {
        if (violation == null) {
            violation = first;
        }
    }

    ProtocolViolation violation() {
        return violation;
    }

    void throwIfBroken() throws ProtocolViolation {
        if (violation != null) {
            throw violation;
        }
    }

    boolean isOpen() {
        return violation == null && !isEnded;
    }

    boolean isControl(final HostChannel channel) {
        return channel == channels[0];
    }

    /** Whether a number from the guest is a channel that can be opened and closed. */
    boolean isChannel(final int index) {
        return index > 0 && index < channels.length;
    }

    Status open(final int index, final int slot) {
        if (channels[index] != null) {
            return Status.FAILED_PRECONDITION;
        }
        if (openCount >= context.quotas().channels()) {
            counters.exhausted().increment();
            return Status.RESOURCE_EXHAUSTED;
        }
        channels[index] = new HostChannel(this, region, index, slot);
        openCount++;
        return Status.OK;
    }

    Status close(final int index) {
        final HostChannel channel = channels[index];
        if (channel == null) {
            return Status.NOT_FOUND;
        }
        channel.close();
        channels[index] = null;
        openCount--;
        return Status.OK;
    }

    /** Takes from the quota of bytes held back, or gives back if negative. */
    boolean reserve(final int bytes) {
        if (heldBytes + bytes > context.quotas().heldBytes()) {
            return false;
        }
        heldBytes += bytes;
        return true;
    }

    boolean keeps(final long deadlineNs) {
        return keepsDeadlines && deadlineNs != Protocol.NO_DEADLINE;
    }

    boolean isPast(final long deadlineNs) {
        return keeps(deadlineNs) && deadlineNs <= context.clock().nanoTime();
    }

    void checkThread() {
        if (Thread.currentThread() != thread) {
            throw new IllegalStateException("this is not the shard's thread: use onShard");
        }
    }

    /** Frees everything and marks every slot that waited for it. */
    void end() {
        isEnded = true;
        for (int i = 0; i < channels.length; i++) {
            if (channels[i] != null) {
                signals.mark(channels[i].slot());
                channels[i].abandon();
                channels[i] = null;
            }
        }
    }
}
