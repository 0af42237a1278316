package io.vmrpc.bench.report;

/** What the project promises about two rows of one run. */
public enum Target {
    /** Timer lateness at the median. */
    TIMER_P50_BEST("timer p50 against the best conventional setting, guest and host loaded", Statistic.P50, Bound.faster(8)),
    /** Timer lateness in the tail. */
    TIMER_P99_BEST("timer p99 against the best conventional setting, guest and host loaded", Statistic.P99, Bound.faster(3)),
    /** Timer lateness against what a user has without tuning. */
    TIMER_P99_UNTOUCHED("timer p99 against the untouched guest, guest and host loaded", Statistic.P99, Bound.faster(50)),
    /** Timer lateness against what the machine can do. */
    TIMER_P99_CYCLICTEST("timer p99 against the host's own cyclictest, guest and host loaded", Statistic.P99, Bound.asLong(3)),
    /** A park under KVM, in a futex, against what the machine can do. */
    KVM_FUTEX_CYCLICTEST("KVM timer p50, parked in a futex, against the host's own cyclictest", Statistic.P50, Bound.asLong(3)),
    /** A park under KVM, halted, against what the machine can do. */
    KVM_HALTED_CYCLICTEST("KVM timer p50, parked halted, against the host's own cyclictest", Statistic.P50, Bound.asLong(6)),
    /** A parked call against TCP at the median. */
    RPC_P50_TCP("parked call p50 against TCP over virtio-net", Statistic.P50, Bound.faster(20)),
    /** A parked call against TCP in the tail. */
    RPC_P999_TCP("parked call p99.9 against TCP over virtio-net", Statistic.P999, Bound.faster(5)),
    /** A spinning loopback call against C. */
    LOOPBACK_SPIN("spinning loopback call p50 against the C spin ping-pong", Statistic.P50, Bound.asLong(2.5)),
    /** A parked loopback call against C. */
    LOOPBACK_PARKED("parked loopback call p50 against the C futex ping-pong", Statistic.P50, Bound.asLong(1.3)),
    /** An unmodified program's wake-ups, on average. */
    GUEST_MEAN("preloaded cyclictest, direct: mean against the best without, guest and host loaded", Statistic.MEAN, Bound.lower(8)),
    /** An unmodified program's wake-ups, the latest of them. */
    GUEST_MAX("preloaded cyclictest, direct: max against the best without, guest and host loaded", Statistic.MAX, Bound.lower(10)),
    /** An unmodified program's wake-ups against what the machine can do. */
    GUEST_CYCLICTEST("preloaded cyclictest, direct: p99 against the host's own cyclictest", Statistic.P99, Bound.asLong(3)),
    /** What it costs that several threads can share a parked vCPU. */
    GUEST_SHARED("preloaded cyclictest, shared: p50 against direct", Statistic.P50, Bound.longerByMicros(30)),
    /** How evenly an unmodified video player shows its frames. */
    GUEST_VIDEO("preloaded video player: jitter p99 against the best without, guest and host loaded", Statistic.P99, Bound.lower(5)),
    /** A datagram and its echo at the median. */
    NET_UDP_P50("UDP echo by the host's sockets p50 against virtio-net", Statistic.P50, Bound.faster(10)),
    /** A datagram and its echo in the tail. */
    NET_UDP_P999("UDP echo by the host's sockets p99.9 against virtio-net", Statistic.P999, Bound.faster(10)),
    /** TCP requests and answers, how many a second. */
    NET_TCP_RR("TCP request and answer by the host's sockets, mean against virtio-net", Statistic.MEAN, Bound.faster(8)),
    /** A stream in one direction. */
    NET_TCP_BULK("TCP stream by the host's sockets, bytes a second against virtio-net", Statistic.MEAN, Bound.more(3)),
    /** What stubs add to a call. */
    PEERS_TYPED("typed call p50 against the raw channel call, same idle strategy", Statistic.P50, Bound.asLong(1.5)),
    /** A parked call against gRPC, by either transport. */
    PEERS_GRPC("parked call of 8 and 256 bytes, p50 against gRPC-Java over TCP and over a Unix socket", Statistic.P50, Bound.faster(8)),
    /** A parked call against the best that the JDK has for two processes. */
    PEERS_JDK("parked call p50 against the JDK's blocking Unix-domain channel", Statistic.P50, Bound.asLong(1.1)),
    /** A spinning call against another that spins. */
    PEERS_AERON("spinning call p50 against Aeron IPC", Statistic.P50, Bound.asLong(1)),
    /** The echo of a guest's server at the median, by a client that is not ours. */
    NET_SOCKPERF_UDP_P50("sockperf's UDP echo by the host's sockets p50 against virtio-net", Statistic.P50, Bound.faster(10)),
    /** The same in the tail. */
    NET_SOCKPERF_UDP_P999("sockperf's UDP echo by the host's sockets p99.9 against virtio-net", Statistic.P999, Bound.faster(10)),
    /** TCP requests to a guest's server, by a client that is not ours. */
    NET_SOCKPERF_TCP_RR("sockperf's TCP request by the host's sockets, mean against virtio-net", Statistic.MEAN, Bound.faster(8)),
    /** What an agent between adds to an exchange of datagrams. */
    NET_ADDED("UDP echo by the agent p50 against a plain socket and two futex hand-overs, no VM", Statistic.P50, Bound.longerByMicros(0)),
    /** What a stream costs. */
    NET_COST("TCP stream by the agent, bytes per CPU-second against a plain Netty client, no VM", Statistic.MEAN, Bound.asMuch(0.7)),
    /** Reading and writing 64 KiB of a file of the host. */
    FILE_64K("64 KiB of a file of the host, mean against 9p", Statistic.MEAN, Bound.faster(3)),
    /** Asking for a file's attributes. */
    FILE_STAT("stat of a file of the host, mean against 9p", Statistic.MEAN, Bound.faster(5));

    private final String words;
    private final Statistic statistic;
    private final Bound bound;

    Target(final String words, final Statistic statistic, final Bound bound) {
        this.words = words;
        this.statistic = statistic;
        this.bound = bound;
    }

    /** {@return what is compared with what} */
    public String words() {
        return words;
    }

    /** {@return the statistic that is compared} */
    public Statistic statistic() {
        return statistic;
    }

    Bound bound() {
        return bound;
    }

    /** {@return for example "at least 20x faster" or "at most 2.5x as long"} */
    public String boundWords() {
        return bound.words();
    }

    /** What the ratio says, as words that follow it. */
    String tile() {
        return switch (this) {
            case TIMER_P50_BEST -> "closer to the deadline than the best conventional timer, at the median";
            case TIMER_P99_BEST -> "closer to the deadline than the best conventional timer, at p99";
            case TIMER_P99_UNTOUCHED -> "closer to the deadline than the timer of an untouched guest, at p99";
            case TIMER_P99_CYCLICTEST -> "the lateness of the host's own cyclictest, at p99";
            case RPC_P50_TCP -> "faster than TCP for a call to the host, at the median";
            case GUEST_MEAN -> "lower latency of an unmodified cyclictest than at the best conventional setting, on average";
            case GUEST_VIDEO -> "less jitter of an unmodified video player than at the best conventional setting, at p99";
            default -> words;
        };
    }
}
