package io.vmrpc.bench.report;

import java.util.Locale;

/**
 * The circumstances under which variants are compared: one chart, one line of the terminal's table.
 *
 * @param bench   for example {@code timer}
 * @param vm      kind of VM
 * @param load    what was loaded
 * @param kind    of timer, {@code periodic} or {@code oneshot}; of a guest's program what it is, with its own kind or its threads; empty in other benches
 * @param period  of the timer; empty in benches without
 * @param payload of the call in bytes; empty if the rows do not say
 */
public record Scenario(String bench, String vm, String load, String kind, String period, String payload) {

    static Scenario of(final Row row) {
        return new Scenario(row.bench(), row.vm(), row.load(), kindOf(row), row.param(Variants.PERIOD),
            row.param(row.bench().equals(PeerVariants.PEERS) ? PeerVariants.BYTES : Variants.PAYLOAD));
    }

    /** Whether the row stands in this comparison; the machine's limits stand in every one of their load, but a program's in its own. */
    boolean holds(final Row row) {
        return !Variants.isReference(row) ? of(row).equals(this)
            : isOf(row) && row.load().equals(load) && (!isOfOne(row) || kindOf(row).equals(kind) && row.param(Variants.PERIOD).equals(period));
    }

    /** Whether a reference is one program's, not the machine's. */
    private static boolean isOfOne(final Row reference) {
        return reference.bench().equals(Variants.GUEST) || reference.bench().equals(Variants.NET);
    }

    /** What an agent adds to a plain socket is two hand-overs, which are measured as the limits of calls are. */
    private boolean isOf(final Row reference) {
        return reference.bench().equals(bench) || isNet() && vm.equals(Variants.NO_VM) && reference.variant().equals(Variants.LIMIT_FUTEX);
    }

    /** Whether it is one of the freestanding guest's, whose rows have comparisons of their own. */
    boolean isKvm() {
        return vm.equals(Variants.KVM);
    }

    /** Whether programs of the guest are compared. */
    boolean isGuest() {
        return bench.equals(Variants.GUEST);
    }

    /** Whether exchanges over the network are compared. */
    boolean isNet() {
        return bench.equals(Variants.NET);
    }

    /** Whether operations on files are compared. */
    boolean isFile() {
        return bench.equals(Variants.FILE);
    }

    /** {@return what ran, for example "2 ms periodic timer"} */
    public String subject() {
        final String size = period.replaceFirst("^(\\d+)([a-z]+)$", "$1 $2");
        return switch (bench) {
            case Variants.TIMER -> (size + " " + kind.replace("oneshot", "one-shot") + " timer").replaceAll(" +", " ").strip();
            case Variants.RPC -> payload.isEmpty() ? "call" : "call of " + payload + " bytes";
            case Variants.GUEST -> (size + " " + kind.replaceFirst("^\\S+", "").replace("oneshot", "one-shot").strip()).strip();
            case Variants.NET -> NetProgram.of(this).words() + (payload.isEmpty() ? "" : ", " + payload + " bytes")
                + kind.replaceFirst("^\\S+", "").replaceFirst(" x(\\d+)", ", $1 sockets").replace(" with-peer", ", CPU of the peer")
                    .replace(" apart", ", another CPU") + NetProgram.of(this).toolWords();
            case Variants.FILE -> kind.replace("-", " ") + (payload.isEmpty() ? "" : ", " + Integer.parseInt(payload) / 1024 + " KiB");
            case PeerVariants.PEERS -> "call of " + payload + " bytes, " + PeerComparisons.kindWords(this);
            default -> (bench + " " + size + " " + kind).strip();
        };
    }

    /** {@return what the samples are, the caption of a plot's upright axis} */
    public String quantity() {
        return switch (bench) {
            case Variants.TIMER -> "lateness";
            case Variants.GUEST -> program().equals(Variants.CYCLICTEST) ? "lateness" : "jitter";
            case Variants.RPC, Variants.NET, PeerVariants.PEERS -> "round trip";
            default -> "time";
        };
    }

    /** {@return where it ran, for example "TCG guest" or "no VM"} */
    public String place() {
        return vm.equals(Variants.NO_VM) ? "no VM, loopback" : vm.toUpperCase(Locale.ROOT) + " guest";
    }

    /** {@return what is measured where, for example "Timer lateness, TCG guest": the title above several scenarios} */
    public String section() {
        final String what = switch (bench) {
            case Variants.TIMER -> "Timer lateness";
            case Variants.RPC -> "Round trip of a call";
            case Variants.EXIT -> "Cost of a hypercall";
            case Variants.NET -> NetProgram.of(this).isCost() ? "Bytes of a stream per CPU-second" : NetProgram.of(this).isStream()
                ? "Stream to a peer on the network" : "Round trip to a peer on the network";
            case Variants.FILE -> "Operations on files of the host";
            case Variants.GUEST -> switch (program()) {
                case Variants.CYCLICTEST -> "Lateness of cyclictest";
                case Variants.SIGALRM -> "Jitter of a SIGALRM handler";
                case Variants.VIDEO -> "Frame jitter of a video player";
                default -> program();
            };
            default -> bench;
        };
        return bench.equals(PeerVariants.PEERS) ? "Calls between two processes, " + PeerComparisons.kindWords(this) : what + ", " + place();
    }

    /** {@return what was loaded, in words} */
    public String loadWords() {
        return switch (load) {
            case "none" -> "idle";
            case "guest" -> "guest loaded";
            case "host" -> "host loaded";
            case Variants.LOAD_BOTH -> "guest and host loaded";
            default -> "load " + load;
        };
    }

    /** {@return subject and load, the shortest complete title} */
    public String title() {
        return subject() + ", " + loadWords();
    }

    /** Of a guest's program its name, which {@link #kind} begins with. */
    String program() {
        return kind.replaceFirst(" .*", "");
    }

    private static String kindOf(final Row row) {
        final String variant = row.variant();
        if (row.bench().equals(Variants.GUEST)) {
            final String threads = row.param(Variants.THREADS);
            return (variant.replaceFirst("-[a-z]*$", "") + " " + row.param(Variants.KIND) + (threads.isEmpty() || threads.equals("1") ? "" : "x" + threads)).strip();
        }
        if (row.bench().equals(Variants.NET)) {
            final String sockets = row.param(Variants.SOCKETS);
            final String place = row.param(Variants.PLACE);
            return NetProgram.ofVariant(variant) + (place.isEmpty() ? "" : " " + place) + (sockets.isEmpty() || sockets.equals("1") ? "" : " x" + sockets);
        }
        if (row.bench().equals(Variants.FILE)) {
            return variant.replaceFirst("^(vmrpc-file|9p)-", "");
        }
        if (row.bench().equals(PeerVariants.PEERS)) {
            return (row.param(PeerVariants.WAIT).equals(PeerVariants.SPINNING) ? PeerVariants.SPINNING : PeerVariants.PARKED) + " " + row.param(PeerVariants.CPUS);
        }
        return variant.endsWith("-periodic") ? "periodic" : variant.endsWith("-oneshot") ? "oneshot" : "";
    }
}
