package io.vmrpc.bench.report;

import java.util.List;

/** The words that rows of a control loop are made of which is done by VM long polling and by its alternatives. */
public final class AlternativeVariants {
    /** Bench: the same control loop in different ways. */
    public static final String ALTERNATIVES = "alternatives";
    /** A process of the host in its own cgroup and namespaces, SCHED_FIFO. */
    public static final String CONTAINER = "container";
    /** An ordinary process of a guest on an ordinary CPU of it. */
    public static final String GUEST_PLAIN = "guest-plain";
    /** The same with SCHED_FIFO in the guest. */
    public static final String GUEST_FIFO = "guest-fifo";
    /** A SCHED_FIFO process on a guest's isolated CPU, the VM's threads real-time too. */
    public static final String GUEST_TUNED = "guest-tuned";
    /** The same by a Java program, as ours is one. */
    public static final String GUEST_TUNED_JAVA = "guest-tuned-java";
    /** As {@link #GUEST_TUNED}, but it polls clock and socket. */
    public static final String GUEST_POLLING = "guest-polling";
    /** VM long polling: the vCPU is parked until the period and until the answer. */
    public static final String VMRPC_PARKED = "vmrpc-parked";
    /** No control loop: what the guest costs by itself. */
    public static final String GUEST_IDLE = "guest-idle";
    /** All, in reading order. */
    static final List<String> ALL =
        List.of(CONTAINER, GUEST_PLAIN, GUEST_FIFO, GUEST_TUNED, GUEST_TUNED_JAVA, GUEST_POLLING, VMRPC_PARKED, GUEST_IDLE);

    /** Parameter: what a sample is, {@link #TIMER}, {@link #EXCHANGE} or {@link #NOTHING}. */
    public static final String WHAT = "what";
    /** How late a cycle began. */
    public static final String TIMER = "timer";
    /** How long a datagram's way to the peer and its answer's way back took. */
    public static final String EXCHANGE = "exchange";
    /** Nothing was done: the samples are CPU time, {@link PeerVariants#CPU_PER_SECOND}. */
    public static final String NOTHING = "nothing";
    /** Parameter: CPU seconds of the host in a second, of all processes that belong to it. */
    public static final String CPU = "cpu";
    /** Parameter: the CPU that the program is pinned to, of the guest or, in a container, of the host; {@link #ANY} if to none. */
    public static final String PINNED = "pinned";
    /** The scheduler chooses. */
    public static final String ANY = "any";
    /** Parameter: SCHED_FIFO priority of the program, 0 if it is ordinary. */
    public static final String PRIORITY = "priority";
    /** Parameter: how it waits, {@link #SLEEPS}, {@link #POLLS} or {@link #PARKS}. */
    public static final String WAIT = "wait";
    /** In the kernel. */
    public static final String SLEEPS = "sleep";
    /** It does not: it looks again and again. */
    public static final String POLLS = "poll";
    /** In the host, with its vCPU. */
    public static final String PARKS = "park";
    /** Parameter: whether the kernel polls the network for the program, SO_BUSY_POLL. */
    public static final String BUSY_POLL = "busy.poll";
    /** Parameter: {@link #C} or {@link #JAVA}. */
    public static final String LANGUAGE = "language";
    /** The same program wherever it runs. */
    public static final String C = "c";
    /** A job of the worker. */
    public static final String JAVA = "java";
    /** Parameter: of the guest, {@code rt} or {@code cloud}. */
    public static final String KERNEL = "kernel";
    /** Host scheduling: QEMU's own threads above the real-time vCPU's, that one above the others'; all SCHED_FIFO. */
    public static final String LAYERED = "layered";
    /** Host scheduling of what is no VM. */
    public static final String NO_QEMU = "none";

    private AlternativeVariants() {
    }
}
