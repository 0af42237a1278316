package io.vmrpc.host.vcpu;

import io.vmrpc.natives.CpuSet;
import java.util.function.Consumer;

/** What {@link VcpuControl} gives to a vCPU's thread. Set up by one thread; not changed while it is applied. */
public final class VcpuControlContext {
    /** What a real-time group gets at most where nothing else is said: the kernel's own default for all real-time threads. */
    static final int DEFAULT_RT_RUNTIME_US = 950_000;
    private int priority = 80;
    private CpuSet cpus = CpuSet.parse("");
    private boolean isIsolated;
    private boolean locksMemory;
    private boolean usesGroups = true;
    private int rtRuntimeUs;
    private int share = 95;
    private Consumer<String> listener = notice -> {
    };

    /**
     * SCHED_FIFO priority; 80 unless set.
     *
     * @param fifo 1 to 99, above that of the agent's shard that serves this vCPU.
     * @return this.
     */
    public VcpuControlContext priority(final int fifo) {
        require(fifo >= 1 && fifo <= 99, "priority=" + fifo + ": give 1 to 99");
        priority = fifo;
        return this;
    }

    /**
     * Where the thread may run; unless set where it may already. With cgroups the thread also gets a cpuset of these CPUs, so that
     * nothing inside QEMU can widen it.
     *
     * @param only CPUs that are switched on and that the thread's cgroups allow.
     * @return this.
     */
    public VcpuControlContext cpus(final CpuSet only) {
        require(!only.isEmpty(), "cpus= is empty: name at least one CPU");
        cpus = only;
        return this;
    }

    /**
     * Takes the CPUs out of the scheduler's load balancing and from everybody else: an isolated partition of cgroup v2.
     *
     * @param wanted needs {@link #cpus}; false unless set.
     * @return this.
     */
    public VcpuControlContext isolated(final boolean wanted) {
        isIsolated = wanted;
        return this;
    }

    /**
     * Insists on memory that is not swapped out. Memory belongs to the process: this concerns all of QEMU, and the lock itself only
     * QEMU can take ({@code -overcommit mem-lock=on}).
     *
     * @param wanted false unless set.
     * @return this.
     */
    public VcpuControlContext lockMemory(final boolean wanted) {
        locksMemory = wanted;
        return this;
    }

    /**
     * Whether cgroups are made for the thread where they are of use.
     *
     * @param wanted true unless set; false: the thread stays in its groups.
     * @return this.
     */
    public VcpuControlContext groups(final boolean wanted) {
        usesGroups = wanted;
        return this;
    }

    /**
     * {@code cpu.rt_runtime_us} of the thread's group, where the kernel asks for it (RT_GROUP_SCHED, cgroup v1).
     *
     * @param us microseconds of each second, 1000 to 1000000; unless set all that is left, at most 950000.
     * @return this.
     */
    public VcpuControlContext rtRuntimeUs(final int us) {
        require(us >= 1000 && us <= 1_000_000, "rtRuntimeUs=" + us + ": give 1000 to 1000000");
        rtRuntimeUs = us;
        return this;
    }

    /**
     * How much of a CPU the thread may have as a real-time thread when its guest never stops computing. A guard enforces it, a process of its own
     * at the highest real-time priority: in each second it lets ordinary threads come first for the rest. A guest that parks or sleeps
     * for that long is not touched.
     *
     * @param percent 10 to 95; 95 unless set.
     * @return this.
     */
    public VcpuControlContext share(final int percent) {
        require(percent >= 10 && percent <= 95, "share=" + percent + ": give 10 to 95, or none");
        share = percent;
        return this;
    }

    /**
     * No guard. The kernel's own protection is then all there is: RT throttling, the fair server.
     *
     * @return this.
     */
    public VcpuControlContext withoutShare() {
        share = 0;
        return this;
    }

    /**
     * Who is told that ordinary threads had to be let in: one sentence, at most once a minute, in a thread of the control.
     *
     * @param notices nobody unless set.
     * @return this.
     */
    public VcpuControlContext listener(final Consumer<String> notices) {
        listener = notices;
        return this;
    }

    void conclude() {
        require(share == 0 || priority < 99, "priority=99 leaves none for the guard: give 98 or less, or no share");
        require(!isIsolated || usesGroups && !cpus.isEmpty(), "isolated=true needs cpus and groups: a partition is a group with CPUs");
    }

    int priority() {
        return priority;
    }

    CpuSet cpus() {
        return cpus;
    }

    boolean isIsolated() {
        return isIsolated;
    }

    boolean locksMemory() {
        return locksMemory;
    }

    boolean usesGroups() {
        return usesGroups;
    }

    int rtRuntimeUs() {
        return rtRuntimeUs;
    }

    /** 0: no guard. */
    int share() {
        return share;
    }

    Consumer<String> listener() {
        return listener;
    }

    private static void require(final boolean holds, final String refusal) {
        if (!holds) {
            throw new IllegalArgumentException(refusal);
        }
    }
}
