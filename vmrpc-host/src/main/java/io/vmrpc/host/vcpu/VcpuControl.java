package io.vmrpc.host.vcpu;

import io.vmrpc.natives.CpuSet;
import io.vmrpc.natives.Errno;
import io.vmrpc.natives.Native;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Real-time scheduling of one vCPU's thread, from outside QEMU, while this object is open. The thread gets SCHED_FIFO, its CPUs and its
 * cgroups; no other thread of QEMU is touched. {@link #close()} gives everything back; so does the end of this process, also by SIGKILL:
 * a program of its own ({@code vmrpc-undo}) waits for it. What has ended needs nothing back, and a number that another thread got since is left alone.
 *
 * <pre>
 * VcpuThread thread = VcpuThread.find(machine.qmp(), 1);
 * try (VcpuControl control = VcpuControl.apply(thread, new VcpuControlContext().priority(80).cpus(CpuSet.of(3)))) {
 *     control.facts().forEach(System.out::println);
 *     ...
 * }
 * </pre>
 *
 * <p>Needs root, or CAP_SYS_NICE and write access to the cgroups. A thread has one control at a time. Thread-safe.
 */
public final class VcpuControl implements AutoCloseable {
    private final VcpuThread thread;
    private final List<String> facts = new ArrayList<>();
    private final UndoProgram undo;
    private final Demotions demotions;
    private boolean isClosed;

    private VcpuControl(final VcpuThread thread, final VcpuControlContext context) throws IOException {
        this.thread = thread;
        undo = UndoProgram.of(thread, context.share());
        demotions = new Demotions(thread.index(), context);
    }

    /**
     * Does what the context says, all of it or nothing.
     *
     * @param thread of the vCPU.
     * @param context what to do.
     * @return to be closed.
     * @throws VcpuControlException in one sentence: what is refused, and what to do.
     * @throws IOException if a file of procfs or a cgroup cannot be read or written.
     * @throws IllegalArgumentException if the context contradicts itself.
     */
    public static VcpuControl apply(final VcpuThread thread, final VcpuControlContext context) throws IOException {
        Native.ensureAvailable();
        context.conclude();
        if (!CpuSet.online().contains(context.cpus())) {
            throw new VcpuControlException("CPUs " + context.cpus() + " are not all there: this host has " + CpuSet.online() + " switched on");
        }
        final VcpuControl control = new VcpuControl(thread, context);
        try {
            control.place(context);
            control.schedule(context.priority());
            control.guard(context.share());
            if (context.locksMemory()) {
                new MemoryLock(thread, control.undo, control.facts).apply();
            }
            return control;
        } catch (final IOException | RuntimeException e) {
            control.closeAfter(e);
            if (!control.isAlive()) {
                throw new VcpuControlException("the thread of vCPU " + thread.index() + " has ended meanwhile", e);
            }
            throw e;
        }
    }

    private void closeAfter(final Exception cause) {
        try {
            close();
        } catch (final IOException e) {
            cause.addSuppressed(e);
        }
    }

    /** The affinity is told to the undo program first, and so restored last: each move between cpusets sets it anew. */
    private void place(final VcpuControlContext context) throws IOException {
        final CpuSet cpus = context.cpus();
        if (!cpus.isEmpty()) {
            undo.before("affinity", CpuSet.ofThread(thread.tid()).maskHex());
        }
        if (context.usesGroups()) {
            new ThreadGroups(thread, context, undo, facts).make();
        }
        if (!cpus.isEmpty()) {
            final int result = cpus.applyTo(thread.tid());
            if (result < 0 || !CpuSet.ofThread(thread.tid()).equals(cpus)) {
                throw new VcpuControlException("sched_setaffinity(" + cpus + ") " + (result < 0 ? "failed with " + Errno.text(-result) :
                    "left only CPUs " + CpuSet.ofThread(thread.tid())) + ": the cpuset of QEMU's cgroup must have them all, and QEMU must be yours or you root");
            }
            facts.add("CPUs " + cpus);
        }
    }

    private void schedule(final int priority) throws IOException {
        final int former = (int)Errno.check(Native.vmrpc_get_scheduler(thread.tid()), "sched_getscheduler(" + thread.tid() + ")");
        undo.before("scheduler", Integer.toString(former >> 8), Integer.toString(former & 0xff));
        final int result = Native.vmrpc_set_scheduler(thread.tid(), Native.SCHED_FIFO, priority);
        if (result < 0) {
            throw new VcpuControlException("sched_setscheduler(SCHED_FIFO, " + priority + ") failed with " + Errno.text(-result) + ": " + remedy());
        }
        facts.add("SCHED_FIFO, priority " + priority);
    }

    private void guard(final int share) {
        if (share > 0) {
            demotions.follow(undo.demotions());
            facts.add("a guard: at most " + share + " % of a CPU if its guest never stops computing");
        } else {
            facts.add("no guard: if its guest never stops computing, the kernel's own protection is all there is");
        }
    }

    private String remedy() throws IOException {
        final Optional<Cgroup> group = Cgroup.of("cpu", thread.pid(), thread.tid());
        if (group.isPresent() && group.get().has("cpu.rt_runtime_us") && group.get().number("cpu.rt_runtime_us") == 0) {
            return "cgroup " + group.get() + " has cpu.rt_runtime_us 0; let a group be made (--cgroup auto), or give this one real time";
        }
        return "run as root or with CAP_SYS_NICE; as root it means that the kernel (RT_GROUP_SCHED) allows no real time in " +
            group.map(Cgroup::toString).orElse("this container");
    }

    /**
     * What was set, and what could not be, each a short sentence.
     *
     * @return unmodifiable.
     */
    public List<String> facts() {
        return List.copyOf(facts);
    }

    /**
     * Whether the vCPU's thread still runs.
     *
     * @return false once the vCPU was unplugged or QEMU has ended.
     */
    public boolean isAlive() {
        return thread.isAlive();
    }

    /**
     * How often the guard had to let ordinary threads in, because the thread had computed for longer than its share of a second.
     *
     * @return a count since {@link #apply}.
     */
    public long demotions() {
        return demotions.count();
    }

    /**
     * Returns when the vCPU's thread has ended, at most half a second later.
     *
     * @throws VcpuControlException if the guard or {@code vmrpc-undo} was killed: then the thread has its former scheduling.
     * @throws InterruptedException if interrupted.
     */
    public void awaitEnd() throws VcpuControlException, InterruptedException {
        while (isAlive()) {
            if (!undo.isRunning() && isAlive()) {
                throw new VcpuControlException("vmrpc-undo or its guard was killed, so vCPU " + thread.index() + " is not real-time any more: start this anew");
            }
            Thread.sleep(Duration.ofMillis(500).toMillis());
        }
    }

    /**
     * Undoes everything. Does nothing the second time.
     *
     * @throws IOException in one line: what could not be undone.
     */
    @Override
    public synchronized void close() throws IOException {
        if (!isClosed) {
            isClosed = true;
            undo.close();
        }
    }
}
