package io.vmrpc.bench.report;

import io.vmrpc.bench.report.Bound.Manner;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Two rows of one run against each other.
 *
 * @param scenario   circumstances of both
 * @param subject    the variant that is judged
 * @param baseline   what it is judged against
 * @param statistic  what of both is compared
 * @param subjectRow  the subject's row, if measured
 * @param baselineRow the baseline's row, if measured; of several, the one where that is lowest
 * @param target     the promise about this, if there is one
 * @param missing    rows that a verdict still needs, in words; empty if none
 */
public record Comparison(Scenario scenario, String subject, Baseline baseline, Statistic statistic, Optional<Row> subjectRow,
                         Optional<Row> baselineRow, Optional<Target> target, String missing) {

    /** What a subject is compared with. */
    public enum Baseline {
        /** The conventional way at the host scheduling that is best at this statistic. */
        BEST_CONVENTIONAL("best conventional", Manner.TIMES_FASTER),
        /** The conventional way at the host scheduling that moves most, where a row is a rate. */
        HIGHEST_CONVENTIONAL("best conventional", Manner.TIMES_MORE),
        /** The conventional way with the VM's threads as they start. */
        UNTOUCHED_CONVENTIONAL("untouched", Manner.TIMES_FASTER),
        /** The timer interrupt of the guest itself, at the same host scheduling. */
        GUEST_TIMER("guest's own timer", Manner.TIMES_FASTER),
        /** cyclictest on the host. */
        CYCLICTEST("host cyclictest", Manner.TIMES_AS_LONG),
        /** C spin ping-pong. */
        SPIN_LIMIT("C spin ping-pong", Manner.TIMES_AS_LONG),
        /** C futex ping-pong. */
        FUTEX_LIMIT("C futex ping-pong", Manner.TIMES_AS_LONG),
        /** The same call without a stub. */
        RAW_CHANNEL("raw channel call", Manner.TIMES_AS_LONG),
        /** gRPC-Java, TCP on loopback. */
        GRPC_TCP("gRPC over TCP", Manner.TIMES_FASTER),
        /** gRPC-Java, a Unix socket. */
        GRPC_UDS("gRPC over a Unix socket", Manner.TIMES_FASTER),
        /** Netty, a Unix socket. */
        NETTY_UDS("Netty over a Unix socket", Manner.TIMES_FASTER),
        /** The JDK's blocking channel. */
        JDK_UDS("JDK's Unix-domain channel", Manner.TIMES_AS_LONG),
        /** Aeron IPC. */
        AERON_IPC("Aeron IPC", Manner.TIMES_AS_LONG),
        /** The same by a plain Netty client on the host, whose rows are rates. */
        PLAIN_CLIENT("plain Netty client", Manner.TIMES_AS_MUCH),
        /** A plain socket's median and that of a futex ping-pong, which is two hand-overs, together. */
        PLAIN_AND_HAND_OVERS("plain socket and two futex hand-overs", Manner.LONGER_BY),
        /** The same program, its one thread parking the vCPU itself. */
        DIRECT("direct", Manner.LONGER_BY);

        private final String words;
        private final Manner manner;

        Baseline(final String words, final Manner manner) {
            this.words = words;
            this.manner = manner;
        }

        /** {@return its name for people} */
        public String words() {
            return words;
        }
    }

    /** {@return the ratio, absent if a row is missing, empty or 0 ns, or if the baseline is compared by a difference} */
    public OptionalDouble ratio() {
        return baseline.manner == Manner.LONGER_BY ? OptionalDouble.empty() : measured();
    }

    /** {@return what a target's bound speaks of: the ratio, or the difference in ns} */
    OptionalDouble measured() {
        final double ours = nanos(subjectRow);
        final double theirs = nanos(baselineRow);
        if (ours <= 0 || theirs <= 0) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(switch (baseline.manner) {
            case TIMES_FASTER, TIMES_LOWER -> theirs / ours;
            case TIMES_AS_LONG, TIMES_AS_MUCH, TIMES_MORE -> ours / theirs;
            case LONGER_BY -> ours - theirs;
        });
    }

    /** {@return the ratio or difference for people, or "not measured"} */
    public String words() {
        final OptionalDouble measured = measured();
        if (measured.isEmpty()) {
            return Outcome.NOT_MEASURED.words();
        }
        final double value = measured.getAsDouble();
        return baseline.manner == Manner.LONGER_BY ? (value < 0 ? "-" : "+") + Readable.nanos(Math.abs(value))
            : Readable.ratio(value, baseline.manner != Manner.TIMES_AS_LONG && baseline.manner != Manner.TIMES_AS_MUCH);
    }

    /** {@return what this says about its target; without a target, whether there is a result} */
    public Outcome outcome() {
        final OptionalDouble measured = measured();
        if (measured.isEmpty()) {
            return Outcome.NOT_MEASURED;
        }
        if (target.isEmpty() || !missing.isEmpty() || tooFewSamples()) {
            return Outcome.NOT_JUDGED;
        }
        return target.get().bound().isReachedBy(measured.getAsDouble()) ? Outcome.REACHED : Outcome.NOT_REACHED;
    }

    /** {@return why there is no verdict; empty if there is one} */
    public String doubt() {
        if (measured().isEmpty()) {
            return absent(subjectRow, subject) + absent(baselineRow, baseline.words());
        }
        return !missing.isEmpty() ? missing + " not measured" : tooFewSamples() ? "too few samples for " + statistic.label() : "";
    }

    private static String absent(final Optional<Row> row, final String name) {
        return row.isEmpty() ? name + " is missing. " : "";
    }

    private boolean tooFewSamples() {
        return tooFew(subjectRow) || tooFew(baselineRow);
    }

    private boolean tooFew(final Optional<Row> row) {
        return row.isPresent() && row.get().figures().count() < statistic.samplesNeeded();
    }

    private long nanos(final Optional<Row> row) {
        return row.isPresent() ? statistic.of(row.get().figures()) : 0;
    }
}
