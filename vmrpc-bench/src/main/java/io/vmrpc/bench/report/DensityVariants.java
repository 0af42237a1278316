package io.vmrpc.bench.report;

/** The words that rows of many control loops at once are made of. CPU is in seconds of CPU a second. */
public final class DensityVariants {
    /** Bench: many control loops at once, each with a park until its time and an exchange of packets a cycle. */
    public static final String DENSITY = "density";
    /** Real QEMU processes, a freestanding guest in each. */
    public static final String QEMU = "qemu-freestanding";
    /** Sessions of a JVM, without a VM. */
    public static final String LOOPBACK = "loopback";
    /** The same while the agent's JVM collects garbage. */
    public static final String LOOPBACK_GC = "loopback-gc";
    /** The same with a real-time Linux guest as the host of agent and sessions. */
    public static final String ON_RT = "loopback-on-rt";
    /** C threads of the host with clock_nanosleep and sockets of their own. */
    public static final String HOST_THREADS = "host-threads";
    /** Java threads of the host with parkNanos and sockets of their own. */
    public static final String HOST_JAVA = "host-threads-java";
    /** Parameter: how many loops. */
    public static final String LOOPS = "n";
    /** Parameter: what a row's samples are, {@link #LATENESS} or {@link #PACKET}. */
    public static final String WHAT = "what";
    /** From the time at which a cycle was due until its loop ran. */
    public static final String LATENESS = "lateness";
    /** From a loop's datagram to the peer's answer. */
    public static final String PACKET = "packet";
    /** Parameter: {@link #SPREAD} or {@link #TOGETHER}. */
    public static final String PHASES = "phases";
    /** Cycles of the loops are spread evenly over the period. */
    public static final String SPREAD = "spread";
    /** Cycles of all loops begin at the same instant. */
    public static final String TOGETHER = "together";
    /** Parameter: cycles that there should have been. */
    public static final String CYCLES = "cycles";
    /** Parameter: those without an answer before the next one, or without a start. */
    public static final String MISSED = "missed";
    /** Parameter: which measurement of this size it is, from 1: one that breaks is repeated once. */
    public static final String TRY = "try";
    /** Parameter: CPUs of the machine. */
    public static final String CPUS = "cpus";
    /** Parameter: host CPU, everything that was not idle. */
    public static final String CPU_TOTAL = "cpu.total";
    /** Parameter: host CPU of everything just before, while the loops slept: what others on the machine do. */
    public static final String CPU_BEFORE = "cpu.before";
    /** Parameter: host CPU of the agent's process. */
    public static final String CPU_AGENT = "cpu.agent";
    /** Parameter: host CPU of the loops: all QEMU processes, or the process with the threads. */
    public static final String CPU_LOOPS = "cpu.loops";
    /** Parameter: host CPU of the peer, which stands for another machine. */
    public static final String CPU_PEER = "cpu.peer";
    /** Parameter: the kernel's part of all host CPU, as its tick samples it. */
    public static final String CPU_KERNEL = "cpu.kernel";
    /** Parameter: CPU that the machine below has taken. */
    public static final String CPU_STOLEN = "cpu.stolen";
    /** Parameter: collections of the agent's JVM meanwhile. */
    public static final String COLLECTIONS = "gc.count";
    /** Parameter: the longest pause of these, us. */
    public static final String LONGEST_PAUSE = "gc.longest_us";
    /** Parameter: all pauses of these, us. */
    public static final String ALL_PAUSES = "gc.all_us";

    private DensityVariants() {
    }
}
