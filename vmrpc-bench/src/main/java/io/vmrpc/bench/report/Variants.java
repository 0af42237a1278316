package io.vmrpc.bench.report;

import java.util.List;

/** The words that rows are made of. Another bench may add its own; comparisons know these. */
public final class Variants {
    /** Bench: lateness of timers. */
    public static final String TIMER = "timer";
    /** Bench: round trips. */
    public static final String RPC = "rpc";
    /** Bench: what a hypercall and a wake cost. */
    public static final String EXIT = "exit";
    /** Bench: programs in a guest that were not written for VMRPC. */
    public static final String GUEST = "guest";

    /** The guest's own periodic timer. */
    public static final String GUEST_PERIODIC = "guest-periodic";
    /** The guest's own one-shot timer. */
    public static final String GUEST_ONESHOT = "guest-oneshot";
    /** Periodic timer by VM long polling. */
    public static final String LONGPOLL_PERIODIC = "longpoll-periodic";
    /** One-shot timer by VM long polling. */
    public static final String LONGPOLL_ONESHOT = "longpoll-oneshot";
    /** A park with a deadline under KVM, waiting in a futex: until the guest runs, by the guest's clock. */
    public static final String KVM_FUTEX = "kvm-futex";
    /** The same, until the shim lets the vCPU go: without the entry of the guest. */
    public static final String KVM_FUTEX_SHIM = "kvm-futex-shim";
    /** A park with a deadline under KVM, waiting halted inside KVM_RUN: until the guest runs, by the guest's clock. */
    public static final String KVM_HALTED = "kvm-halted";
    /** The same, until the shim lets the vCPU go: without the entry of the guest. */
    public static final String KVM_HALTED_SHIM = "kvm-halted-shim";
    /** The timer interrupt of the guest itself under KVM, until its handler runs, by the guest's clock. */
    public static final String KVM_GUEST_TIMER = "kvm-guest-timer";
    /** cyclictest on the host: what the machine itself can do. */
    public static final String HOST_CYCLICTEST = "host-cyclictest";
    /** A call whose caller parks. */
    public static final String VMRPC_PARKED = "vmrpc-parked";
    /** A call whose caller spins. */
    public static final String VMRPC_SPINNING = "vmrpc-spinning";
    /** The conventional call: TCP over virtio-net. */
    public static final String VIRTIO_NET_TCP = "virtio-net-tcp";
    /** C ping-pong over shared memory, spinning: the floor of a spinning call. */
    public static final String LIMIT_SPIN = "limit-spin";
    /** C ping-pong with futexes: the floor of a parked call. */
    public static final String LIMIT_FUTEX = "limit-futex";

    /** Debian's cyclictest in the guest, as it is: lateness. */
    public static final String CYCLICTEST_GUEST = "cyclictest-guest";
    /** The same with VMRPC preloaded. */
    public static final String CYCLICTEST_VMRPC = "cyclictest-vmrpc";
    /** The same on the host, with the priority and the CPU of the vCPU's thread. */
    public static final String CYCLICTEST_HOST = "cyclictest-host";
    /** A handler of SIGALRM in the guest: how far the time between two of its calls is from the period. */
    public static final String SIGALRM_GUEST = "sigalrm-guest";
    /** The same with VMRPC preloaded. */
    public static final String SIGALRM_VMRPC = "sigalrm-vmrpc";
    /** A video player in the guest: how far the time between two frames is from the period. */
    public static final String VIDEO_GUEST = "video-guest";
    /** The same with VMRPC preloaded. */
    public static final String VIDEO_VMRPC = "video-vmrpc";
    /** What variants of the bench {@link #GUEST} begin with. */
    public static final String CYCLICTEST = "cyclictest";
    /** Likewise. */
    public static final String SIGALRM = "sigalrm";
    /** Likewise. */
    public static final String VIDEO = "video";
    /** The programs of the bench {@link #GUEST}, in reading order. */
    static final List<String> PROGRAMS = List.of(CYCLICTEST, SIGALRM, VIDEO);

    /** Bench: sockets of the host against the guest's own. */
    public static final String NET = "net";
    /** What variants by sockets of the host begin with. */
    public static final String VMRPC_PREFIX = "vmrpc-";
    /** What variants of one-way streams end with. */
    public static final String BULK_SUFFIX = "-tcp-bulk";
    /** What variants of TCP requests and answers end with. */
    public static final String RR_SUFFIX = "-tcp-rr";
    /** A datagram and its echo, by sockets of the host. */
    public static final String VMRPC_UDP = "vmrpc-udp";
    /** The same over virtio-net and a tap device. */
    public static final String VIRTIO_NET_UDP = "virtio-net-udp";
    /** A request and its answer over TCP, by sockets of the host. */
    public static final String VMRPC_TCP_RR = "vmrpc-tcp-rr";
    /** The same over virtio-net. */
    public static final String VIRTIO_NET_TCP_RR = "virtio-net-tcp-rr";
    /** A stream in one direction, bytes per second, by sockets of the host. */
    public static final String VMRPC_TCP_BULK = "vmrpc-tcp-bulk";
    /** The same over virtio-net. */
    public static final String VIRTIO_NET_TCP_BULK = "virtio-net-tcp-bulk";
    /** A datagram and its echo by a plain socket of the host, without a guest. */
    public static final String HOST_UDP = "host-udp";

    /** What variants begin with of which Debian's sockperf took the samples, as a client of a server in the guest; the rest is as without it. */
    public static final String SOCKPERF_PREFIX = "sockperf-";
    /** The same of Debian's qperf, which only says the mean: a sample is one of a run. */
    public static final String QPERF_PREFIX = "qperf-";
    /** What variants over virtio-net begin with. */
    public static final String VIRTIO_NET_PREFIX = "virtio-net-";
    /** What variants of a C program on the host begin with that does the same with the same peer: what is possible at best. */
    public static final String LIMIT_PREFIX = "limit-";
    /** What variants by plain sockets of the host begin with. */
    public static final String HOST_PREFIX = "host-";
    /** What variants of streams end with of which the cost is measured: bytes per second of CPU time. */
    public static final String CPU_SUFFIX = "-tcp-cpu";
    /** A stream by sockets of the host, bytes per second of CPU time of guest and agent together. */
    public static final String VMRPC_TCP_CPU = "vmrpc-tcp-cpu";
    /** The same by a plain Netty client on the host, its process. */
    public static final String HOST_TCP_CPU = "host-tcp-cpu";

    /** Parameter: how many sockets are used at once. */
    public static final String SOCKETS = "sockets";
    /** Parameter: what a sample is, if not nanoseconds. */
    public static final String UNIT = "unit";
    /** The unit of streams. */
    public static final String BYTES_PER_SECOND = "bytes/s";
    /** The unit of what streams cost. */
    public static final String BYTES_PER_CPU_SECOND = "bytes/cpu-s";
    /** Parameter: where the thread is that owns a stream's socket, one of {@link #PLACES}; it decides how much of the sending the kernel leaves to the peer. */
    public static final String PLACE = "place";
    /** On the CPU of the peer, as an ordinary thread. */
    public static final String WITH_PEER = "with-peer";
    /** On another CPU than the peer, real-time, as is the thread that writes. */
    public static final String APART = "apart";
    /** Where an owner can be. */
    public static final List<String> PLACES = List.of(WITH_PEER, APART);
    /** Parameter: MB per second of a stream whose cost is measured. */
    public static final String RATE = "rate.mb";
    /** Parameter: CPU time of a stream's peer, in percent of the CPU time that the row counts. */
    public static final String PEER_CPU = "peer.cpu";
    /** Parameter: how many of a client's messages were answered twice, or out of order. */
    public static final String WRONG = "wrong";
    /** Parameter: how many messages a server says that it answered; it knows of those that its client did not count. */
    public static final String SERVED = "served";

    /** Parameter: how the host schedules the VM's threads, one of {@link #HOSTS}. */
    public static final String HOST = "host";
    /** Parameter: CPU share in percent that an ordinary host process kept meanwhile, for example {@code 94.5}. */
    public static final String HOST_SHARE = "host.share";
    /** Parameter: bytes that the guest's thread allocated for each sample. */
    public static final String ALLOCATED = "alloc.bytes";
    /** Parameter: a timer's period, for example {@code 2ms}. */
    public static final String PERIOD = "period";
    /** Parameter: how the vCPU waits while it is parked, {@code futex} or {@code halted}. */
    public static final String PARK = "park";
    /** Parameter: a call's payload in bytes. */
    public static final String PAYLOAD = "payload";
    /** Parameter: how a preloaded program waits, one of {@link #MODES}. */
    public static final String MODE = "mode";
    /** Parameter: how many threads of a program wait. */
    public static final String THREADS = "threads";
    /** Parameter: of an interval timer, {@code periodic} or {@code oneshot}. */
    public static final String KIND = "kind";
    /** Parameter: how far a video's last frame was from its time counted from the first, us; of several parts the farthest. */
    public static final String DRIFT = "drift";
    /** Parameter: how many of a video's frames were never shown, or of a client's messages never answered. */
    public static final String DROPPED = "dropped";

    /** A preloaded program's thread parks the vCPU itself. */
    public static final String DIRECT = "direct";
    /** The vCPU is parked when none of a preloaded program's threads has anything to do. */
    public static final String SHARED = "shared";
    /** How preloaded programs wait. */
    public static final List<String> MODES = List.of(DIRECT, SHARED);

    /** Host scheduling: as the VMM starts. */
    public static final String UNTOUCHED = "untouched";
    /** Host scheduling: the real-time vCPU's thread alone has SCHED_FIFO. */
    public static final String VCPU_FIFO = "vcpu-fifo";
    /** Host scheduling: every thread of the VMM has SCHED_FIFO. */
    public static final String ALL_FIFO = "all-fifo";
    /** The three schedulings that a conventional timer is measured with. */
    public static final List<String> HOSTS = List.of(UNTOUCHED, VCPU_FIFO, ALL_FIFO);

    /** The vm of rows of a guest under KVM. */
    public static final String KVM = "kvm";
    /** The vm of rows that need none. */
    public static final String NO_VM = "none";
    /** The load under which timer targets are judged: guest and host. */
    public static final String LOAD_BOTH = "both";

    /** The variants of a timer under KVM, in reading order. */
    static final List<String> KVM_TIMERS = List.of(KVM_FUTEX, KVM_HALTED, KVM_GUEST_TIMER, KVM_FUTEX_SHIM, KVM_HALTED_SHIM);

    /** What files of the host are measured by. */
    public static final String FILE = "file";
    /** Begins the variants by the host's file service, from a vCPU that parks. */
    public static final String VMRPC_FILE_PREFIX = "vmrpc-file-";
    /** Begins the variants over virtio-9p, without a cache in the guest: as coherent as the file service. */
    public static final String NINE_P_PREFIX = "9p-";

    private Variants() {
    }

    /** Rows that stand beside every case of their load: the machine's own limits. */
    static boolean isReference(final Row row) {
        return switch (row.variant()) {
            case HOST_CYCLICTEST, CYCLICTEST_HOST, LIMIT_SPIN, LIMIT_FUTEX -> true;
            default -> row.bench().equals(NET) && row.variant().startsWith(LIMIT_PREFIX);
        };
    }

    static boolean isConventional(final Row row) {
        return switch (row.variant()) {
            case GUEST_PERIODIC, GUEST_ONESHOT, VIRTIO_NET_TCP, CYCLICTEST_GUEST, SIGALRM_GUEST, VIDEO_GUEST -> true;
            default -> row.bench().equals(NET) && row.variant().contains(VIRTIO_NET_PREFIX) || row.variant().startsWith(NINE_P_PREFIX);
        };
    }
}
