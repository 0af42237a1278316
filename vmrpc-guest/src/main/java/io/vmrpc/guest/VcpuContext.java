package io.vmrpc.guest;

import java.time.Duration;

/**
 * What {@link VmrpcGuest#bind} does to the calling thread. Fluent; defaults suit a guest with one isolated CPU.
 */
public final class VcpuContext {
    private int cpu = -1;
    private int priority = 80;
    private boolean lockMemory = true;
    private long breathIntervalNs = Duration.ofSeconds(1).toNanos();
    private long breathNs = Duration.ofNanos(150_000).toNanos();
    private long maxAdvanceNs = 100_000;

    /**
     * The guest CPU to pin the thread to.
     *
     * @param number of the CPU in Linux; -1: the isolated one (in a VM), or none (loopback).
     * @return this.
     */
    public VcpuContext cpu(final int number) {
        cpu = number;
        return this;
    }

    /**
     * SCHED_FIFO priority of the thread in the guest.
     *
     * @param value 1 to 99, or 0 to leave the thread's scheduling as it is.
     * @return this.
     */
    public VcpuContext priority(final int value) {
        if (value < 0 || value > 99) {
            throw new IllegalArgumentException("priority=" + value + " must be 0 (leave as it is) to 99");
        }
        priority = value;
        return this;
    }

    /**
     * Whether to lock the process's memory (mlockall(2)).
     *
     * @param lock true by default.
     * @return this.
     */
    public VcpuContext lockMemory(final boolean lock) {
        lockMemory = lock;
        return this;
    }

    /**
     * How often and for how long the thread sleeps in the guest kernel, so that the kernel threads of its CPU run. Parked time looks
     * like run time to that kernel: a thread that never breathes starves them.
     *
     * @param interval between two breaths, when the next deadline allows.
     * @param length of one; zero: never breathe.
     * @return this.
     */
    public VcpuContext breath(final Duration interval, final Duration length) {
        breathIntervalNs = interval.toNanos();
        breathNs = length.toNanos();
        return this;
    }

    /**
     * How far before a deadline the vCPU may be woken to wait the rest out in the guest. The way from the host's timer to the
     * application is measured and this much of it, at most, is taken off the deadline (KVM does the same with
     * {@code lapic_timer_advance_ns}); the application never sees the wait end early.
     *
     * @param limit zero: wake at the deadline itself.
     * @return this.
     */
    public VcpuContext advance(final Duration limit) {
        maxAdvanceNs = limit.toNanos();
        return this;
    }

    int cpu() {
        return cpu;
    }

    int priority() {
        return priority;
    }

    boolean lockMemory() {
        return lockMemory;
    }

    long breathIntervalNs() {
        return breathIntervalNs;
    }

    long breathNs() {
        return breathNs;
    }

    long maxAdvanceNs() {
        return maxAdvanceNs;
    }
}
