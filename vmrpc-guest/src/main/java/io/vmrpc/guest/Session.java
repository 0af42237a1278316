package io.vmrpc.guest;

import static io.vmrpc.layout.HeaderDescriptor.*;

import io.vmrpc.error.AgentLostException;
import io.vmrpc.error.ConnectException;
import io.vmrpc.error.ProtocolViolation;
import io.vmrpc.error.SessionEndedException;
import io.vmrpc.error.VmrpcException;
import io.vmrpc.layout.Protocol;
import io.vmrpc.natives.Native;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.AtomicBuffer;

/**
 * One use of the region: handshake (docs/protocol.md, section 4), the doorbell, and the question whether the agent still lives.
 * Thread-safe: after {@link #open} it only reads the region.
 */
final class Session {
    private static final long RING_AGAIN_NS = 10_000_000;
    private final AtomicBuffer header;
    private final long gate;
    private final long epoch;
    private final long agentEpoch;

    private Session(final AtomicBuffer header, final long gate, final long epoch, final long agentEpoch) {
        this.header = header;
        this.gate = gate;
        this.epoch = epoch;
        this.agentEpoch = agentEpoch;
    }

    /** Says hello and waits for the answer. The rings of channel 0 must have been zeroed. */
    static Session open(final AtomicBuffer header, final Gate gate, final long timeoutNs) {
        final long until = System.nanoTime() + timeoutNs;
        while (true) {
            final long agentEpoch = awaitLink(header, until);
            final long epoch = hello(header);
            awaitAnswer(header, gate.handle(), epoch, until);
            if (header.getLongAcquire(AGENT_EPOCH) == agentEpoch) { // else another agent than the linked one answered (R11)
                return new Session(header, gate.handle(), epoch, agentEpoch);
            }
        }
    }

    private static long hello(final AtomicBuffer header) {
        final long former = header.getLong(GUEST_EPOCH);
        long epoch = former;
        while (epoch == former || epoch == 0) {
            epoch = ThreadLocalRandom.current().nextLong();
        }
        header.putLong(GUEST_FEATURES, Protocol.FEATURES);
        header.putInt(GUEST_VERSION, Protocol.VERSION);
        header.putInt(CONTROL_SLOT, Protocol.NO_SLOT);
        header.putLongRelease(GUEST_EPOCH, epoch); // partner: the agent's acquire when it looks for a hello
        return epoch;
    }

    /** The epoch of the agent at the other end of the link, read in the order of rule R11. */
    private static long awaitLink(final AtomicBuffer header, final long until) {
        while (true) {
            final long linked = header.getLongAcquire(LINK_EPOCH);
            if (header.getIntAcquire(LINK) == Protocol.LINK_UP && linked != 0 && header.getLongAcquire(AGENT_EPOCH) == linked) {
                return linked;
            }
            if (System.nanoTime() - until > 0) {
                throw new ConnectException("no agent serves this region: start one on the host (./vmrpc agent --region FILE) and connect again");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static void awaitAnswer(final AtomicBuffer header, final long gate, final long epoch, final long until) {
        long ringAt = System.nanoTime();
        while (true) {
            final boolean isMine = header.getLongAcquire(SESSION_EPOCH) == epoch; // first, else an older session's status could pass for ours
            final int status = header.getIntAcquire(SESSION_STATUS); // partner: the agent's release of rule R12
            if (isMine && status != Protocol.SESSION_NONE) {
                if (status != Protocol.SESSION_OPEN) {
                    throw new ConnectException("the agent refused the session (" + reason(header) +
                        ", agent version " + Protocol.versionText(header.getInt(AGENT_VERSION)) + "): use the same release in guest and host");
                }
                return;
            }
            final long now = System.nanoTime();
            if (now - until > 0) {
                throw new ConnectException("the agent did not answer the hello in time: it hangs or is overloaded; see its log");
            }
            if (now - ringAt >= 0) {
                Native.vmrpc_doorbell(gate);
                ringAt = now + RING_AGAIN_NS;
            }
            LockSupport.parkNanos(50_000);
        }
    }

    private static String reason(final AtomicBuffer header) {
        final int reason = header.getInt(SESSION_REASON);
        final ProtocolViolation.Rule[] rules = ProtocolViolation.Rule.values();
        return reason >= 0 && reason < rules.length ? rules[reason].name() : "reason " + reason;
    }

    /** Rings the doorbell if the agent sleeps: steps D2 to D4. Call after submissions were committed (D1). */
    void ringIfSleeping() {
        VarHandle.fullFence(); // D2; partner: S2 in the agent's shard
        if (header.getIntAcquire(SLEEPING) != 0) {
            Native.vmrpc_doorbell(gate);
        }
    }

    /**
     * What ended this session, or null while it lives. Reads of lines that seldom change, in the order of rule R15: the status, since an agent that
     * closes withdraws its epoch before it ends its sessions; then the link, and the agent's epoch last.
     */
    VmrpcException failure() {
        final boolean isOpen = header.getIntAcquire(SESSION_STATUS) == Protocol.SESSION_OPEN && header.getLongAcquire(SESSION_EPOCH) == epoch;
        final boolean isUnlinked = header.getIntAcquire(LINK) != Protocol.LINK_UP && header.getLongAcquire(LINK_EPOCH) == agentEpoch;
        if (isUnlinked || header.getLongAcquire(AGENT_EPOCH) != agentEpoch) {
            return new AgentLostException("the agent was lost while requests were outstanding: whether they were carried out is unknown; " +
                "start it again, then reconnect and repeat what is safe to repeat");
        }
        return isOpen ? null
            : new SessionEndedException("the agent ended this session (" + reason(header) + "): its log says what the guest broke");
    }

    /** Says good-bye, so that the agent frees at once what the session held (rule R14). */
    void close() {
        if (header.getLong(GUEST_EPOCH) == epoch) {
            header.putLongRelease(GUEST_EPOCH, 0);
            ringIfSleeping();
        }
    }
}
