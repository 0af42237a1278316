package io.vmrpc.bench.report;

/** The words that rows of calls between two processes are made of. */
public final class PeerVariants {
    /** Bench: what channels and sessions cost that wait for something. */
    public static final String CHANNELS = "channels";
    /** The unit of memory. */
    public static final String MEMORY = "bytes";
    /** The unit of what waiting costs. */
    public static final String CPU_PER_SECOND = "ns of CPU per second";
    /** Bench: calls between two processes without a VM, by VMRPC and by others. */
    public static final String PEERS = "peers";
    /** A call by a generated stub; caller and agent spin. */
    public static final String TYPED_SPINNING = "vmrpc-typed-spinning";
    /** A call by a generated stub; the caller parks, the agent sleeps. */
    public static final String TYPED_PARKED = "vmrpc-typed-parked";
    /** A call over a channel; caller and agent spin. */
    public static final String RAW_SPINNING = "vmrpc-raw-spinning";
    /** A call over a channel; the caller parks, the agent sleeps. */
    public static final String RAW_PARKED = "vmrpc-raw-parked";
    /** gRPC-Java over Netty, TCP on loopback. */
    public static final String GRPC_TCP = "grpc-tcp";
    /** gRPC-Java over Netty, a Unix socket. */
    public static final String GRPC_UDS = "grpc-uds";
    /** Netty, a Unix socket, frames with a length. */
    public static final String NETTY_UDS = "netty-uds";
    /** The JDK's blocking channel of a Unix socket. */
    public static final String JDK_UDS = "jdk-uds";
    /** Aeron IPC, a stream each way; caller and server spin. */
    public static final String AERON_IPC = "aeron-ipc";
    /** Parameter: bytes of a request, and of its answer. */
    public static final String BYTES = "bytes";
    /** Parameter: how both ends of a call wait, {@code spinning}, {@code parked} or {@code blocking}. */
    public static final String WAIT = "wait";
    /** Both ends poll. */
    public static final String SPINNING = "spinning";
    /** The caller parks its vCPU, in loopback its thread; the agent sleeps. */
    public static final String PARKED = "parked";
    /** Both ends sleep in a system call. */
    public static final String BLOCKING = "blocking";
    /** Parameter: where the two processes run, {@link #ONE_CPU}, {@link #TWO_CPUS} or {@link #ANY_CPU}. */
    public static final String CPUS = "cpus";
    /** Both on the same. */
    public static final String ONE_CPU = "one";
    /** Each on its own. */
    public static final String TWO_CPUS = "two";
    /** As the kernel likes. */
    public static final String ANY_CPU = "any";
    /** Parameter: CPU time of both processes for each call, ns. */
    public static final String CPU_NS = "cpu_ns";

    private PeerVariants() {
    }

    /**
     * How both ends of a peer's call wait.
     *
     * @param variant of the bench {@link #PEERS}.
     * @return a value of {@link #WAIT}.
     */
    public static String waitOf(final String variant) {
        return variant.endsWith(SPINNING) || variant.equals(AERON_IPC) ? SPINNING : variant.endsWith(PARKED) ? PARKED : BLOCKING;
    }
}
