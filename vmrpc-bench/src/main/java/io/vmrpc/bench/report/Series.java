package io.vmrpc.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a row appears in a chart: the same variant has the same name, colour and dash everywhere.
 *
 * @param row   what is drawn
 * @param label short name beside the line
 * @param name  full name for the legend and the tables
 * @param style class in the style sheet
 * @param rank  position in the legend; the last drawn lies on top
 */
record Series(Row row, String label, String name, String style, int rank) {
    private static final int OTHER_STYLES = 4;

    /** The series of a chart in legend order; of a row measured twice the later one. */
    static List<Series> of(final List<Row> rows) {
        final Map<String, Series> byName = new LinkedHashMap<>();
        for (final Row row : rows) {
            final Series series = of(row, byName.size() % OTHER_STYLES);
            byName.put(series.name(), series);
        }
        final List<Series> ordered = new ArrayList<>(byName.values());
        ordered.sort(Comparator.comparingInt(Series::rank));
        return ordered;
    }

    static String name(final Row row) {
        return of(row, 0).name();
    }

    /** By the variant alone if it is none that is known; without a style then. */
    static Series plain(final Row row) {
        final Series series = of(row, 0);
        return series.style().equals("s-other0") && series.label().equals(row.variant())
            ? new Series(row, row.variant(), row.variant(), "", series.rank()) : series;
    }

    private static Series of(final Row row, final int other) {
        return switch (row.variant()) {
            case Variants.LONGPOLL_PERIODIC, Variants.LONGPOLL_ONESHOT ->
                new Series(row, "long polling", "VM long polling", "s-vmrpc", 0);
            case Variants.VMRPC_PARKED -> new Series(row, "parked", "VMRPC call, caller parks", "s-vmrpc", 0);
            case Variants.VMRPC_SPINNING -> new Series(row, "spinning", "VMRPC call, caller spins", "s-spin", 1);
            case Variants.GUEST_PERIODIC, Variants.GUEST_ONESHOT -> conventional(row, "guest timer", "");
            case Variants.VIRTIO_NET_TCP -> conventional(row, "TCP over virtio-net", "TCP ");
            case Variants.KVM_FUTEX -> new Series(row, "futex", "parked in a futex", "s-vmrpc", 0);
            case Variants.KVM_HALTED -> new Series(row, "halted", "parked halted", "s-spin", 1);
            case Variants.KVM_FUTEX_SHIM -> new Series(row, "futex, shim", "parked in a futex, at the shim", "s-other0", 4);
            case Variants.KVM_HALTED_SHIM -> new Series(row, "halted, shim", "parked halted, at the shim", "s-other1", 5);
            case Variants.KVM_GUEST_TIMER -> new Series(row, "guest timer", "guest's own timer interrupt", "s-untouched", 3);
            case Variants.HOST_CYCLICTEST -> new Series(row, "cyclictest", "host's own cyclictest", "s-floor", 8);
            case Variants.CYCLICTEST_HOST -> new Series(row, "host's own", "on the host", "s-floor", 8);
            case Variants.CYCLICTEST_VMRPC, Variants.SIGALRM_VMRPC, Variants.VIDEO_VMRPC -> row.param(Variants.MODE).equals(Variants.DIRECT)
                ? new Series(row, "direct", "with VMRPC, direct", "s-spin", 1) : new Series(row, "shared", "with VMRPC, shared", "s-vmrpc", 0);
            case Variants.CYCLICTEST_GUEST, Variants.SIGALRM_GUEST, Variants.VIDEO_GUEST -> conventional(row, "without VMRPC", "");
            case PeerVariants.TYPED_SPINNING, PeerVariants.TYPED_PARKED -> new Series(row, "typed", "VMRPC, typed", "s-vmrpc", 0);
            case PeerVariants.RAW_SPINNING, PeerVariants.RAW_PARKED -> new Series(row, "raw", "VMRPC, raw channel", "s-spin", 1);
            case PeerVariants.AERON_IPC -> new Series(row, "Aeron", "Aeron IPC", "s-untouched", 3);
            case PeerVariants.JDK_UDS -> new Series(row, "JDK", "JDK, Unix socket", "s-floor", 2);
            case PeerVariants.NETTY_UDS -> new Series(row, "Netty", "Netty, Unix socket", "s-all", 5);
            case PeerVariants.GRPC_UDS -> new Series(row, "gRPC, Unix", "gRPC, Unix socket", "s-vcpu", 6);
            case PeerVariants.GRPC_TCP -> new Series(row, "gRPC, TCP", "gRPC, TCP", "s-untouched", 7);
            case Variants.LIMIT_FUTEX -> new Series(row, "C futex", "C futex ping-pong", "s-floor", 8);
            case Variants.LIMIT_SPIN -> new Series(row, "C spin", "C spin ping-pong", "s-floor2", 9);
            default -> row.bench().equals(Variants.NET) ? net(row)
                : row.variant().startsWith(Variants.VMRPC_FILE_PREFIX) ? new Series(row, "file service", "file service of the host", "s-vmrpc", 0)
                : row.variant().startsWith(Variants.NINE_P_PREFIX) ? conventional(row, "9p", "")
                : new Series(row, row.variant(), otherName(row), "s-other" + other, 20);
        };
    }

    private static Series net(final Row row) {
        final NetProgram program = NetProgram.ofVariant(row.variant());
        if (row.variant().startsWith(Variants.LIMIT_PREFIX)) {
            return new Series(row, "C on the host", "C program on the host", "s-floor", 8);
        }
        if (row.variant().equals(program.by(Variants.VMRPC_PREFIX))) {
            return new Series(row, "host's sockets", "sockets of the host, VM long polling", "s-vmrpc", 0);
        }
        return Variants.isConventional(row) ? conventional(row, "virtio-net", "")
            : new Series(row, "plain socket", program.isCost() ? "plain Netty client of the host" : "plain socket of the host", "s-floor2", 9);
    }

    private static Series conventional(final Row row, final String what, final String prefix) {
        final String host = ScenarioRows.host(row);
        final int rank = Variants.HOSTS.indexOf(host);
        final String style = switch (rank) {
            case 0 -> "s-untouched";
            case 1 -> "s-vcpu";
            case 2 -> "s-all";
            default -> "s-other3";
        };
        return new Series(row, prefix + host, what + ", " + host, style, rank < 0 ? 7 : 3 + rank);
    }

    private static String otherName(final Row row) {
        final Map<String, String> given = Found.given(row);
        return given.isEmpty() ? row.variant() : row.variant() + " " + given;
    }
}
