package io.vmrpc.host.session;

import static io.vmrpc.layout.HeaderDescriptor.*;

import io.vmrpc.error.ProtocolViolation;
import io.vmrpc.error.ProtocolViolation.Rule;
import io.vmrpc.host.service.Service;
import io.vmrpc.host.service.SessionInfo;
import io.vmrpc.layout.Protocol;
import io.vmrpc.region.Region;
import java.lang.invoke.VarHandle;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.AtomicBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A region and the session on it: the agent's side of the handshake (docs/protocol.md, section 4). */
public final class ServedRegion {
    private static final Logger LOG = LoggerFactory.getLogger(ServedRegion.class);
    private static final AtomicLong SESSION_IDS = new AtomicLong();
    private final Region region;
    private final AtomicBuffer header;
    private final SessionContext context;
    private final RegionCounters counters;
    private final SlotSignals signals;
    private final Dispatch dispatch;
    private final LogLimit limit;
    private final long agentEpoch;
    /** The hello that was answered last; another value in the region is a new hello (or a farewell). */
    private long guestEpoch;
    private Session session;

    /**
     * Announces the agent. A hello that stands in the region is taken as that of an ended session (rule R16), and every slot is woken:
     * whoever parks there learns that its agent is another one.
     *
     * @param region locked for this agent.
     * @param context of the shard.
     */
    public ServedRegion(final Region region, final SessionContext context) {
        this.region = region;
        this.context = context;
        header = region.header();
        counters = new RegionCounters(region.path());
        signals = new SlotSignals(region, counters.wakes());
        dispatch = new Dispatch(context, counters);
        limit = new LogLimit(context.clock());
        guestEpoch = header.getLongAcquire(GUEST_EPOCH);
        agentEpoch = newEpoch(header.getLong(AGENT_EPOCH));
        header.putIntRelease(SLEEPING, 0);
        header.putInt(AGENT_VERSION, Protocol.VERSION);
        publish(Protocol.SESSION_NONE, 0, Rule.NONE, Protocol.FEATURES);
        header.putLongRelease(AGENT_EPOCH, agentEpoch);
        signals.markAll();
        signals.signal();
    }

    private static long newEpoch(final long before) {
        final SecureRandom random = new SecureRandom();
        long epoch = random.nextLong();
        while (epoch == 0 || epoch == before) {
            epoch = random.nextLong();
        }
        return epoch;
    }

    /**
     * What the link's welcome announces.
     *
     * @return epoch of this agent start.
     */
    public long agentEpoch() {
        return agentEpoch;
    }

    /**
     * The region.
     *
     * @return mapped until {@link #close}.
     */
    public Region region() {
        return region;
    }

    /**
     * What happened here.
     *
     * @return live counts.
     */
    public RegionCounters counters() {
        return counters;
    }

    SessionContext context() {
        return context;
    }

    SlotSignals signals() {
        return signals;
    }

    Dispatch dispatch() {
        return dispatch;
    }

    /**
     * Answers a hello and serves the open channels once.
     *
     * @return how much there was to do; 0: nothing.
     */
    public int turn() {
        int work = 0;
        final long epoch = header.getLongAcquire(GUEST_EPOCH); // partner: the guest's release of its hello
        if (epoch != guestEpoch) {
            onHello(epoch);
            work++;
        }
        if (session != null) {
            work += serve(false);
        }
        settle();
        return work;
    }

    /**
     * Asks the services what they find to do before the shard sleeps.
     *
     * @return how much there was; 0: nothing.
     */
    public int beforeSleep() {
        final int work = session == null ? 0 : serve(true);
        settle(); // also if there was none: no event may stay untold when the shard sleeps
        return work;
    }

    /** A fault of the agent itself, if there is one, must not become the other guests' fault. */
    private int serve(final boolean beforeSleep) {
        try {
            return beforeSleep ? session.beforeSleep() : session.turn();
        } catch (final RuntimeException e) {
            if (limit.permits()) {
                LOG.error("region {}: session {} ended by a fault of the agent, please report it{}", region.path(),
                    session.info().id(), limit.suppressedText(), e);
            }
            end(Protocol.SESSION_ENDED, Rule.NONE);
            return 1;
        }
    }

    /**
     * Step S3: whether a turn would find something to do.
     *
     * @return true if the shard must not sleep.
     */
    public boolean hasWork() {
        return header.getLongAcquire(GUEST_EPOCH) != guestEpoch || session != null && session.hasWork();
    }

    /**
     * Steps S1 and S5.
     *
     * @param sleeps 1 before the shard looks a last time, 0 when it is awake.
     */
    public void sleeping(final boolean sleeps) {
        header.putIntRelease(SLEEPING, sleeps ? 1 : 0);
    }

    /** Ends a session that broke the protocol and signals the slots that got completions. Call after whatever may complete requests. */
    public void settle() {
        if (session != null && session.violation() != null) {
            final ProtocolViolation violation = session.violation();
            end(Protocol.SESSION_ENDED, violation.rule());
            report("session ended", violation);
        }
        signals.signal();
    }

    /** The shim's socket hung up: the VM, or the loopback guest, is gone (rule R14). */
    public void onLinkDown() {
        if (session != null) {
            end(Protocol.SESSION_ENDED, Rule.NONE);
        }
    }

    /** The doorbell woke the shard. */
    public void onDoorbell() {
        counters.doorbells().increment();
    }

    /** Ends the session and withdraws the agent; a guest that looks sees another agent epoch and takes its agent as lost (rule R15). */
    public void close() {
        header.putLongRelease(AGENT_EPOCH, 0); // before the status, so that the guest names the true cause (rule R15)
        if (session != null) {
            end(Protocol.SESSION_ENDED, Rule.NONE);
        }
        signals.markAll();
        signals.signal();
        region.close();
    }

    private void onHello(final long epoch) {
        if (session != null) {
            end(Protocol.SESSION_ENDED, Rule.NONE);
        }
        guestEpoch = epoch;
        if (epoch == 0) {
            publish(Protocol.SESSION_NONE, 0, Rule.NONE, Protocol.FEATURES);
            return;
        }
        final long features = header.getLong(GUEST_FEATURES);
        final int version = header.getInt(GUEST_VERSION);
        final int slot = header.getInt(CONTROL_SLOT);
        try {
            check(features, version, slot);
            open(epoch, features & Protocol.FEATURES, slot);
        } catch (final ProtocolViolation e) {
            publish(Protocol.SESSION_REFUSED, epoch, e.rule(), Protocol.FEATURES);
            report("hello refused", e);
        }
        if (signals.isValid(slot)) {
            signals.mark(slot);
        }
    }

    private void check(final long features, final int version, final int slot) throws ProtocolViolation {
        if (version >>> 16 != Protocol.VERSION_MAJOR) {
            throw new ProtocolViolation(Rule.VERSION, "guest_version=" + Protocol.versionText(version) + ", the agent speaks " +
                Protocol.versionText(Protocol.VERSION) + ": use the same release on both sides");
        }
        final long missing = features & Protocol.DEMANDS & ~Protocol.FEATURES;
        if (missing != 0) {
            throw new ProtocolViolation(Rule.FEATURES, "guest_features demand 0x" + Long.toHexString(missing) +
                ", which this agent does not offer: use a newer agent");
        }
        if (!signals.isValid(slot)) {
            throw new ProtocolViolation(Rule.CONTROL, "control_slot=" + Integer.toUnsignedString(slot) + " of " +
                region.geometry().slotCount() + " slots");
        }
    }

    private void open(final long epoch, final long features, final int slot) {
        final SessionInfo info = new SessionInfo(SESSION_IDS.incrementAndGet(), region.path());
        session = new Session(this, region, info, features, slot);
        counters.sessions().increment();
        publish(Protocol.SESSION_OPEN, epoch, Rule.NONE, features);
        LOG.debug("region {}: session {} open", region.path(), info.id());
    }

    private void end(final int status, final Rule reason) {
        final Session ended = session;
        session = null;
        ended.end();
        for (int number = 0; number < context.services().size(); number++) {
            final Service service = ended.boundOrShared(number);
            try {
                service.onSessionEnd(ended.info());
            } catch (final RuntimeException e) {
                LOG.error("service {} failed at the end of session {}", service.name(), ended.info().id(), e);
            }
        }
        publish(status, guestEpoch, reason, Protocol.FEATURES);
        LOG.debug("region {}: session {} ended", region.path(), ended.info().id());
    }

    private void report(final String what, final ProtocolViolation violation) {
        counters.violations().increment();
        if (limit.permits()) {
            LOG.warn("region {}: {}: {}{}", region.path(), what, violation.getMessage(), limit.suppressedText());
        }
    }

    /** Rule R12: NONE first, status last, so that no guest takes a new status for an old epoch or the reverse. */
    private void publish(final int status, final long epoch, final Rule reason, final long features) {
        header.putIntRelease(SESSION_STATUS, Protocol.SESSION_NONE);
        VarHandle.storeStoreFence(); // NONE before the rest; partner: the guest's acquire of session_status
        header.putLong(SESSION_EPOCH, epoch);
        header.putInt(SESSION_REASON, reason.ordinal());
        header.putLong(AGENT_FEATURES, features);
        header.putIntRelease(SESSION_STATUS, status);
    }
}
