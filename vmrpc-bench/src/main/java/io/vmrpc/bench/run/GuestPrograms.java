package io.vmrpc.bench.run;

import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Variants;
import io.vmrpc.bench.worker.CyclictestOutput;
import io.vmrpc.vm.VmException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** The programs that are measured in a guest, each as it is or with VMRPC preloaded: the same command but for what stands before it. */
final class GuestPrograms {
    /** Each program's beginning is not counted, in any row: it still binds its threads, and an emulated CPU translates its code. */
    static final int WARM_UP = 25;
    private static final int VIDEO_PRIORITY = 50;
    /** Nothing but playing: no user's settings, no scripts, no display, no sound, no threads of a decoder. */
    private static final String PLAYER = "mpv --no-config --vo=null --no-audio --load-scripts=no --osc=no --ytdl=no --load-stats-overlay=no " +
        "--load-osd-console=no --load-auto-profiles=no --vd-lavc-threads=1 --msg-level=all=error --dump-stats=/tmp/frames " + GuestSide.VIDEO;
    private final GuestSide side;

    GuestPrograms(final GuestSide side) {
        this.side = side;
    }

    /** How a program waits. */
    enum Way {
        CONVENTIONAL("guest", ""), DIRECT("vmrpc", Variants.DIRECT), SHARED("vmrpc", Variants.SHARED);

        private final String suffix;
        private final String mode;

        Way(final String suffix, final String mode) {
            this.suffix = suffix;
            this.mode = mode;
        }

        boolean isPreloaded() {
            return this != CONVENTIONAL;
        }

        String mode() {
            return mode;
        }

        private Row row(final String program, final Map<String, String> given, final Histogram histogram) {
            final Map<String, String> params = new TreeMap<>(given);
            if (isPreloaded()) {
                params.put(Variants.MODE, mode);
            }
            return Row.of(Variants.GUEST, program + "-" + suffix, "tcg", "none", params, histogram);
        }
    }

    /**
     * The command of cyclictest, in guest and host: it gives its threads their CPU and priority itself, and prints every sample by its main thread, which is
     * kept away from them.
     */
    static List<String> cyclictest(final int threads, final long periodNs, final int loops, final int cpu) {
        return Instruments.cyclictest(threads, periodNs, WARM_UP + loops, "-v", "-a", Integer.toString(cpu), "--mainaffinity", "0");
    }

    /** Lateness by Debian's cyclictest. */
    Row cyclictest(final Way way, final int threads, final long periodNs, final int loops) throws IOException, InterruptedException {
        run(way, "", String.join(" ", cyclictest(threads, periodNs, loops, VmSide.RT_CPU)) + " >/tmp/cyclictest", periodNs * loops);
        return way.row(Variants.CYCLICTEST, Map.of(Variants.PERIOD, Plan.text(periodNs), Variants.THREADS, Integer.toString(threads)),
            CyclictestOutput.samples(side.output("cat /tmp/cyclictest"), WARM_UP));
    }

    /** How regularly a handler of SIGALRM runs, by a program of our own that knows nothing of VMRPC. */
    Row sigalrm(final Way way, final String kind, final int signals) throws IOException, InterruptedException {
        run(way, "", side.program("vmrpc-sigalrm") + " -a " + VmSide.RT_CPU + " -p " + Scheduling.PRIORITY + " -i " + GuestPlan.SIGNAL_PERIOD_NS / 1_000 +
            " -n " + signals + " -k " + kind + " --out /tmp/sigalrm", GuestPlan.SIGNAL_PERIOD_NS * signals);
        return way.row(Variants.SIGALRM, Map.of(Variants.PERIOD, Plan.text(GuestPlan.SIGNAL_PERIOD_NS), Variants.KIND, kind),
            Instruments.samples(side.read("/tmp/sigalrm")));
    }

    /** How evenly Debian's mpv shows the frames of the side's video; all its threads on the real-time CPU. */
    Row video(final Way way, final int frames) throws IOException, InterruptedException {
        run(way, "--fifo " + VIDEO_PRIORITY, (way.isPreloaded() ? "" : "taskset -c " + VmSide.RT_CPU + " chrt -f " + VIDEO_PRIORITY + " ") + PLAYER,
            TestVideo.PERIOD_NS * frames);
        final FrameTimes times = FrameTimes.parse(side.output("grep -E '" + FrameTimes.LINES + "' /tmp/frames"), TestVideo.PERIOD_NS / 1_000);
        return way.row(Variants.VIDEO, Map.of(Variants.PERIOD, Plan.text(TestVideo.PERIOD_NS), Variants.DRIFT, Long.toString(times.driftUs()),
            Variants.DROPPED, Integer.toString(times.dropped())), times.jitter());
    }

    private void run(final Way way, final String options, final String command, final long expectedNs) throws IOException, InterruptedException {
        side.serve(way.isPreloaded());
        final String said = side.run(!way.isPreloaded() ? command
            : String.join(" ", side.program("vmrpc-run"), way == Way.DIRECT ? "--direct" : "", options, "--", command), expectedNs);
        if (said.lines().anyMatch(line -> line.startsWith("vmrpc"))) { // it then runs the program as it would have run without
            throw new VmException("VMRPC does not serve the guest's command " + command + ": " + said.strip());
        }
    }
}
