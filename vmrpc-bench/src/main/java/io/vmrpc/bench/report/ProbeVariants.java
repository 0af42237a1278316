package io.vmrpc.bench.report;

import java.util.List;
import java.util.Set;

/** The words that rows of the probe are made of, which measures from outside. */
public final class ProbeVariants {
    /** Bench: what a probe measures that is neither guest nor agent. */
    public static final String OUTSIDE = "outside";
    /** A blocking socket of a C program on the host: the least that anybody can do. */
    public static final String REFLECTOR = "reflector";
    /** A socket of the agent, whose application is another process of the host. */
    public static final String VMRPC_LOOPBACK = "vmrpc-loopback";
    /** A socket of the agent, whose application is in a guest. */
    public static final String VMRPC_GUEST = "vmrpc-guest";
    /** A socket of the guest itself, over virtio-net and a tap device. */
    public static final String VIRTIO_NET_GUEST = "virtio-net-guest";
    /** Variants that a worker serves. */
    public static final Set<String> SERVED = Set.of(VMRPC_LOOPBACK, VMRPC_GUEST, VIRTIO_NET_GUEST);
    /** Host scheduling: the real-time vCPU's thread and all of QEMU's that emulate devices have SCHED_FIFO, the ordinary vCPUs have not. */
    public static final String IO_FIFO = "io-fifo";
    /** The schedulings of a conventional guest beside a probe. */
    public static final List<String> HOSTS = List.of(Variants.UNTOUCHED, Variants.VCPU_FIFO, IO_FIFO);
    /** Parameter: which CPU is whose. */
    public static final String CPUS = "cpus";
    /** Parameter: time between two messages. */
    public static final String INTERVAL = "interval";
    /** Parameter: how many messages were sent. */
    public static final String SENT = "sent";
    /** Parameter: how many were answered later than {@link #LATE_AFTER}; they are samples all the same. */
    public static final String LATE = "late";
    /** Parameter: what late means. */
    public static final String LATE_AFTER = "late.after";
    /** Parameter: how many were answered while the probe itself was kept from sending or looking; they are no samples. */
    public static final String UNSEEN = "unseen";
    /** Parameter: the longest time for which the probe was kept from looking, ns. */
    public static final String PAUSE = "pause.ns";

    private ProbeVariants() {
    }
}
