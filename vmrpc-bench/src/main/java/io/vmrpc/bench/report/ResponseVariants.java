package io.vmrpc.bench.report;

import java.util.List;

/** The words that rows of timer response, of network response and of the time line are made of, beside those of {@link Variants}. */
public final class ResponseVariants {
    /** Bench: a handler that a timer of the guest calls, by timers of the JVM or by long polling; variants are those of {@link Variants#TIMER}. */
    public static final String TIMER = "response-timer";
    /** Bench: the same by programs that know nothing of VMRPC; variants are those of {@link Variants#GUEST}. */
    public static final String PROGRAM = "response-program";
    /** Bench: a packet and the peer's acknowledgement, several at once. */
    public static final String NETWORK = "response-network";
    /** Bench: a timer in windows of a second while the load changes. */
    public static final String TIMELINE = "timeline";

    /** Parameter: what a sample of a timer is, {@link #INTERVAL} or {@link #LATENESS}. */
    public static final String QUANTITY = "quantity";
    /** How far the time between two handlers is from the period. */
    public static final String INTERVAL = "interval";
    /** How long after its time a handler runs. */
    public static final String LATENESS = "lateness";
    /** Parameter: {@link #JAVA} or {@link #C}. */
    public static final String LANGUAGE = "language";
    /** The handler is a Java method. */
    public static final String JAVA = "Java";
    /** The handler is a C function. */
    public static final String C = "C";

    /** 20 sockets of the host, all waited for by one thread in one park. */
    public static final String OUTSOURCED = "vmrpc-udp-one-thread";
    /** 20 sockets of the guest's own over virtio-net, each with a thread of its own that blocks. */
    public static final String OWN_THREADS = "virtio-net-udp-threads";
    /** 20 sockets of the guest's own over virtio-net, all waited for by one thread with epoll. */
    public static final String OWN_EPOLL = "virtio-net-udp-one-thread";
    /** 20 sockets of a C program on the host, waited for with epoll: what the way to the peer takes without a guest. */
    public static final String LIMIT = "limit-udp-one-thread";

    /** Load: guest and host, as {@link Variants#LOAD_BOTH}, and packets from a peer to the guest's card. */
    public static final String LOAD_NETWORK = "both+network";
    /** Parameter: packets each second that crossed the guest's network card meanwhile, both ways together. */
    public static final String PACKETS = "packets/s";
    /** Parameter of {@link #TIMELINE}: which second of the run, from 0. */
    public static final String SECOND = "second";
    /** Parameter of {@link #TIMELINE}: what was loaded in that second, one of {@link #PHASES}. */
    public static final String PHASE = "phase";
    /** The phases of a time line, in their order. */
    public static final List<String> PHASES = List.of("none", "guest", Variants.LOAD_BOTH, "none");
    /** The loads under which timers are measured, in their order. */
    public static final List<String> LOADS = List.of("none", Variants.LOAD_BOTH, LOAD_NETWORK);

    private ResponseVariants() {
    }

    /**
     * Whether the guest is loaded.
     *
     * @param load of a row.
     * @return whether hogs run in it.
     */
    public static boolean isGuestLoaded(final String load) {
        return load.equals("guest") || load.startsWith(Variants.LOAD_BOTH);
    }

    /**
     * Whether the host is loaded.
     *
     * @param load of a row.
     * @return whether hogs run on it.
     */
    public static boolean isHostLoaded(final String load) {
        return load.equals("host") || load.startsWith(Variants.LOAD_BOTH);
    }
}
