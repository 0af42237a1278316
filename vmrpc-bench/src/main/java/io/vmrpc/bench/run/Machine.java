package io.vmrpc.bench.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a run was made on, as the report shows it. */
final class Machine {
    private static final Path ROOT = Path.of("/");
    static final List<String> METHOD = List.of(
        "Lateness is what the application's own clock (System.nanoTime in the guest) shows after the wait returned, minus the time the timer was due. " +
            "A periodic expiration that was missed counts as a sample, as late as the wait that swallowed it.",
        "Conventional and long-poll timers run the same code on the same thread of the same guest JVM: pinned to the isolated CPU, SCHED_FIFO 80, " +
            "memory locked. Only the way of waiting differs (LockSupport.parkNanos against a park in the host).",
        "Conventional rows come in three host schedulings: untouched (QEMU's threads as they start), vcpu-fifo (only the real-time vCPU's thread at " +
            "SCHED_FIFO 80, as for the long poll) and all-fifo (every QEMU thread). Claims are against the best of the three at each percentile.",
        "Host load: stress-ng with two CPU hogs for each CPU and a memory hog. Guest load: two CPU hogs and a memory hog on the guest's ordinary CPU. " +
            "The host's share is the CPU time that the host's hogs, ordinary processes, got.",
        "Calls: the same payload each way, by a channel to the agent or by TCP (TCP_NODELAY) to a Java echo server; agent thread and echo server both SCHED_FIFO 70.");

    /** The same of programs in a guest. */
    static final List<String> GUEST_METHOD = List.of(
        "The programs know nothing of VMRPC and are the same files with and without it: Debian's cyclictest and mpv, and a C program with setitimer and a handler. " +
            "With VMRPC they are started by vmrpc-run, which preloads a library; everything else on the command line is equal.",
        "cyclictest (SCHED_FIFO 80, pinned to the isolated CPU) says how late its threads wake. It cuts off what is below 1 us, so a sample counts in the middle of " +
            "its microsecond, in the guest and on the host. A wake that is later than a period makes cyclictest leave out those it missed, in every row.",
        "SIGALRM: every 10 ms, by a periodic timer or by one that the handler sets again; a sample is how far the time between two handlers is from 10 ms.",
        "Video: mpv plays 50 frames a second without a display, all its threads at SCHED_FIFO 50 on the isolated CPU; a sample is how far the time between two frames is from " +
            "20 ms, by mpv's own record. A frame that mpv drops makes an interval of 40 ms. Drift is how far the last frame was from its time, counted from the first.",
        "Each program's first 25 wakes, handlers or frames are not counted, in any row: it still starts.",
        "Direct: the program's one thread parks the vCPU itself, in its sleeps; of the programs here only cyclictest with one thread can. Shared: the vCPU is parked " +
            "when no thread on it has anything to do.",
        METHOD.get(2).replace("long poll", "preloaded programs"), METHOD.get(3));

    private Machine() {
    }

    static String cpu() {
        return new HostFacts(ROOT).cpu();
    }

    static String kernel() {
        return new HostFacts(ROOT).kernel();
    }

    /** Also what went on beside a run since its beginning. */
    static Map<String, String> describe(final RunCircumstances begun) {
        final Map<String, String> machine = new LinkedHashMap<>();
        machine.put("Command", begun.command());
        machine.put("Begun", begun.at().truncatedTo(ChronoUnit.MINUTES).toString());
        machine.put("Took", String.format(Locale.ROOT, "%d min %d s", begun.seconds() / 60, begun.seconds() % 60));
        machine.putAll(new HostFacts(ROOT).describe(Runtime.getRuntime().availableProcessors()));
        machine.put("Load before", begun.load());
        machine.put("Stolen meanwhile", begun.stolen());
        machine.put("JVM", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        machine.put("QEMU", firstLine("qemu-system-x86_64", "--version"));
        return machine;
    }

    private static String firstLine(final String... command) {
        try {
            final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().findFirst().orElse("unknown");
        } catch (final IOException e) {
            return "not installed";
        }
    }
}
