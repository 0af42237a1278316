package io.vmrpc.guest;

import io.vmrpc.layout.Protocol;
import io.vmrpc.park.Parker;
import java.util.List;

/**
 * The calling thread's hold on one vCPU: pinned, at real-time priority, memory locked, and able to park the vCPU in the host.
 *
 * <p>Made by {@link VmrpcGuest#bind} on the thread that will use it; every method but {@link #close()} is for that thread. Threads that it
 * starts get the CPUs and the scheduling that it had before: at its next park, or after its next breath if they take over no inheritable
 * thread locals.
 * In loopback the thread itself is what parks. Deadlines are {@link System#nanoTime()}.
 */
public final class RealTimeVcpu implements Waiting, AutoCloseable {
    /** A park shorter than this is not worth the hypercall. */
    private static final long MIN_PARK_NS = 2_000;
    private static final int WAKE_DEADLINE = 2;
    private static final int WAKE_AGENT_LOST = 5;
    private static final Parker.Pending NOTHING = () -> true;

    private final ThreadBinding binding;
    private final Parker parker;
    private final int slot;
    private final HostClock clock;
    private final WakeAdvance advance;
    private final Breath breath;
    private final Offspring offspring;
    private final Runnable onClose;
    private long parks;
    private long unacknowledged;

    RealTimeVcpu(final ThreadBinding binding, final Parker parker, final int slot, final HostClock clock, final VcpuContext context,
        final boolean breathes, final Runnable onClose) {
        this.binding = binding;
        this.parker = parker;
        this.slot = slot;
        this.clock = clock;
        this.onClose = onClose;
        advance = new WakeAdvance(context.maxAdvanceNs());
        offspring = Offspring.ofThisThread(binding);
        breath = new Breath(context.breathIntervalNs(), breathes ? context.breathNs() : 0, parker.returnedNs());
    }

    @Override
    public boolean await(final Parker.Pending pending, final long deadlineNs, final boolean ring) {
        return deadlineNs == Long.MAX_VALUE ? awaitEvent(pending, ring) : awaitUntil(pending, deadlineNs, ring);
    }

    /** Without a deadline no clock is read on the way: under TCG a look costs a microsecond. The last return tells the time for breaths. */
    private boolean awaitEvent(final Parker.Pending pending, final boolean ring) {
        breath.takeIfDue(parker.returnedNs(), Protocol.NO_DEADLINE);
        return park(pending, breath.dueNs(), ring) && hasRung(ring);
    }

    private boolean awaitUntil(final Parker.Pending pending, final long deadlineNs, final boolean ring) {
        final long before = System.nanoTime();
        final long hostDeadlineNs = clock.toHost(deadlineNs);
        breath.takeIfDue(clock.toHost(before), hostDeadlineNs);
        final long wakeNs = Math.min(hostDeadlineNs - advance.ns(), breath.dueNs());
        if (!ring && wakeNs - clock.toHost(before) <= MIN_PARK_NS) {
            return false; // the caller's look at the clock is pause enough, and PAUSE would leave TCG's loop
        }
        if (!park(pending, wakeNs, ring)) {
            return false;
        }
        final long after = System.nanoTime();
        clock.observe(before, parker.enteredNs(), parker.returnedNs(), after);
        if (parker.reason() == WAKE_DEADLINE && wakeNs != breath.dueNs()) {
            advance.observe(clock.toHost(after) - wakeNs);
        }
        return hasRung(ring);
    }

    @Override
    public void pause(final Parker.Pending pending) {
        park(pending, clock.toHost(System.nanoTime()) + SLEEP_NS, false);
    }

    private boolean park(final Parker.Pending pending, final long wakeNs, final boolean ring) {
        offspring.release(breath.taken());
        parker.park(pending, wakeNs, ring ? Protocol.SLOT_DOORBELL : 0);
        final boolean isAcknowledged = parker.wasAcknowledged();
        if (isAcknowledged) {
            parks++;
        } else {
            unacknowledged++; // something was pending, or the hypercall ran on another vCPU: nobody was rung
        }
        return isAcknowledged;
    }

    /** A ring at the end of a link may have reached nobody. */
    private boolean hasRung(final boolean ring) {
        return ring && parker.reason() != WAKE_AGENT_LOST;
    }

    @Override
    public boolean rings() {
        return true;
    }

    @Override
    public int slot() {
        return slot;
    }

    /**
     * Parks until a time. Never returns early, not even when the thread is interrupted.
     *
     * @param deadlineNs absolute {@link System#nanoTime()}.
     */
    public void sleepUntil(final long deadlineNs) {
        while (System.nanoTime() - deadlineNs < 0) {
            await(NOTHING, deadlineNs, false);
        }
    }

    /**
     * Parks for a while.
     *
     * @param ns nanoseconds; zero and less return at once.
     */
    public void sleep(final long ns) {
        if (ns > 0) {
            sleepUntil(System.nanoTime() + ns);
        }
    }

    /**
     * What the guest kernel still lacks for bounded timing, each with its remedy.
     *
     * @return one sentence each; empty if nothing was found.
     */
    public List<String> warnings() {
        return binding.warnings();
    }

    /**
     * Park hypercalls that the shim answered.
     *
     * @return count since the vCPU was bound.
     */
    public long parks() {
        return parks;
    }

    /**
     * Waits that ended without the shim's answer, because something was pending already or the thread ran on another vCPU.
     *
     * @return count since the vCPU was bound.
     */
    public long unacknowledged() {
        return unacknowledged;
    }

    /**
     * Sleeps in the guest kernel for the sake of its threads.
     *
     * @return count since the vCPU was bound.
     */
    public long breaths() {
        return breath.taken();
    }

    /**
     * Breaths that the next deadline did not allow.
     *
     * @return count since the vCPU was bound.
     */
    public long skippedBreaths() {
        return breath.skipped();
    }

    /**
     * How wrong the offset between guest and host clock can be.
     *
     * @return nanoseconds.
     */
    public long clockErrorNs() {
        return clock.error();
    }

    /** Gives the thread its former CPUs and scheduling back. */
    @Override
    public void close() {
        binding.close();
        onClose.run();
    }
}
