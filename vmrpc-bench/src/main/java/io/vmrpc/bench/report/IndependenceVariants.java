package io.vmrpc.bench.report;

import java.util.List;

/** The words that rows of the independence of VMs are made of. */
public final class IndependenceVariants {
    /** Bench: what CPU time ordinary VMs get, one or several at once. */
    public static final String CPU = "cpu-independence";
    /** Bench: how fast ordinary VMs rewrite memory, one or several at once. */
    public static final String MEMORY = "memory-independence";
    /** Bench: how fast ordinary VMs exchange packets, each with a peer of its own, one or several at once. */
    public static final String NETWORK = "network-independence";
    /** Bench: how late a real-time VM's control loop wakes while ordinary VMs work. */
    public static final String REAL_TIME = "realtime-independence";

    /** An ordinary VM. */
    public static final String VM_ALONE = "ordinary-vm";
    /** An ordinary VM beside a real-time VM whose vCPU parks. */
    public static final String VM_BESIDE = "ordinary-vm-beside-realtime";
    /**
     * An ordinary VM beside the same real-time VM without VMRPC: every thread of that has a real-time priority, the best of its
     * conventional schedulings.
     */
    public static final String VM_BESIDE_FIFO = "ordinary-vm-beside-fifo";
    /** A process of the host instead of a VM: what the machine itself can give to several at once. */
    public static final String PROCESS = "host-process";
    /** The control loop, by VM long polling. */
    public static final String LOOP_PARKED = "control-loop-vmrpc";
    /** The same program in the same VM by the guest's own timer, every thread of the VM at a real-time priority. */
    public static final String LOOP_GUEST = "control-loop-guest";

    /** Parameter: what ran, one of the names below. */
    public static final String PROGRAM = "program";
    /** Our program with Dhrystone's published statement mix. */
    public static final String MIX = "statement mix";
    /** Debian's sysbench, its primes. */
    public static final String SYSBENCH = "sysbench cpu";
    /** Debian's stress-ng, one of its CPU methods. */
    public static final String STRESS = "stress-ng cpu";
    /** One word written in each page of a region, time of a pass. */
    public static final String STRIDE = "4 KiB stride";
    /** One byte to the peer and one back by TCP. */
    public static final String TRANSACTIONS = "TCP transactions";
    /** Debian's sockperf, ping-pong by TCP. */
    public static final String SOCKPERF = "sockperf TCP";
    /** Nothing ran beside the control loop. */
    public static final String NOTHING = "nothing";
    /** The programs in reading order. */
    static final List<String> PROGRAMS = List.of(MIX, SYSBENCH, STRESS, STRIDE, TRANSACTIONS, SOCKPERF);

    /** Parameter: how many measured at once. */
    public static final String VMS = "vms";
    /** Parameter: which of them this is, from 1. */
    public static final String VM = "vm";
    /** Parameter: CPUs that all of them had. */
    public static final String CPUS = "cpus";
    /** Parameter: the least value of all repetitions; the greatest is the row's maximum. */
    public static final String LEAST = "least";
    /** Parameter: the greatest value of all repetitions, with its decimals. */
    public static final String MOST = "most";
    /** Parameter: the least of all repetitions, each the mean of all that measured at once: without what one of them has and another has not. */
    public static final String ALL_LEAST = "all.least";
    /** Parameter: the greatest of them. */
    public static final String ALL_MOST = "all.most";
    /** Parameter: percent of one CPU that the VM's threads, or the process, had meanwhile; mean. */
    public static final String SHARE = "cpu.percent";
    /** Parameter: percent of the host's CPU time that the machine below took away meanwhile; mean. */
    public static final String STEAL = "steal.percent";
    /** Parameter: percent of the host's CPU time that went neither to the measured VMs nor to idling; mean. */
    public static final String OTHERS = "others.percent";
    /** Parameter: how far apart the begins may have been at most, ns, the error of the clocks included. */
    public static final String SKEW = "begin.skew.ns";
    /** Parameter: how far apart the ends were at most, ns. */
    public static final String END_SKEW = "end.skew.ns";
    /** Parameter: megabytes of a region. */
    public static final String MEGABYTES = "region.mb";

    private IndependenceVariants() {
    }

    /**
     * The unit of a bench's values.
     *
     * @param bench {@link #CPU}, {@link #MEMORY} or {@link #NETWORK}
     * @return as {@link Variants#UNIT} has it
     */
    public static String unit(final String bench) {
        return switch (bench) {
            case CPU -> "iterations/s";
            case MEMORY -> "ns";
            case NETWORK -> "transactions/s";
            default -> throw new IllegalArgumentException(bench + " has no values of VMs");
        };
    }
}
