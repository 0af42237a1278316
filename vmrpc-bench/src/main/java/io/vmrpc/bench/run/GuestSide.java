package io.vmrpc.bench.run;

import io.vmrpc.vm.Accelerator;
import io.vmrpc.vm.GuestShell;
import io.vmrpc.vm.VirtualMachine;
import io.vmrpc.vm.VmConfig;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** A guest that runs ordinary programs: its shell, its load, and the daemon that owns its real-time vCPU while preloaded programs run. */
final class GuestSide implements AutoCloseable {
    /** The video that there is to play, in the guest. */
    static final String VIDEO = "/tmp/video.y4m";
    private static final Duration SHORT = Duration.ofSeconds(90); // for commands that take a second, on a loaded and emulated CPU
    private static final int SHELL_NICE = 15;
    private static final String DAEMON = "vmrpc-guestd";
    private static final List<String> PROGRAMS = List.of(DAEMON, "vmrpc-run", "vmrpc-sigalrm");
    private final Path programs;
    private final GuestShell shell;
    private boolean isServed;

    /** Boots a guest with the repository, which has the built native programs, at the path that it has here. */
    GuestSide(final Path home, final Path region, final PrintStream log) throws IOException, InterruptedException {
        this(home, region, log, config -> config);
    }

    /** The same with more settings. */
    GuestSide(final Path home, final Path region, final PrintStream log, final UnaryOperator<VmConfig.Builder> more) throws IOException, InterruptedException {
        programs = programs(home);
        for (final String program : PROGRAMS) {
            if (!Files.isExecutable(programs.resolve(program))) {
                throw new IOException(programs.resolve(program) + " is missing: run ./vmrpc, which builds it");
            }
        }
        shell = GuestShell.start(more.apply(VmConfig.builder()).cpus(2).rtCpu(VmSide.RT_CPU).accelerator(Accelerator.TCG).region(region).share(home)
            .removeAtEnd(region).removeAtEnd(Path.of(region + ".sock")).progress(log::println).bootTimeout(Duration.ofMinutes(3)),
            line -> log.println("guest: " + line));
        output("renice -n " + -SHELL_NICE + " $PPID"); // the load must not make the shell slow; what is measured is SCHED_FIFO
    }

    /** Where the repository has the built native programs; a guest that it is shared with sees them there too. */
    static Path programs(final Path home) {
        return home.toAbsolutePath().normalize().resolve("native/target/native/linux-x86-64");
    }

    /** The path of a native program. */
    String program(final String name) {
        return programs.resolve(name).toString();
    }

    List<Long> threads() throws IOException {
        return VmSide.threads(shell.machine());
    }

    VirtualMachine machine() {
        return shell.machine();
    }

    /** Writes the video, of so many frames. */
    void video(final int frames) throws IOException, InterruptedException {
        shell.write(VIDEO + ".gz", TestVideo.zipped(frames), SHORT);
        output("gzip -df " + VIDEO + ".gz");
    }

    /** Two CPU hogs and a memory hog on the ordinary CPU, until the guest ends; they are there when this returns. Its working folder is read-only. */
    void load() throws IOException, InterruptedException {
        output("taskset -c 0 nice -n " + SHELL_NICE + " stress-ng --cpu 2 --vm 1 --vm-bytes 64m --quiet --temp-path /tmp >/tmp/load 2>&1 &" +
            " n=0; until pgrep -x stress-ng-cpu >/dev/null; do [ $((n += 1)) -lt 100 ] || { cat /tmp/load; exit 1; }; sleep 0.1; done");
    }

    /** Starts or ends the daemon: while it parks the vCPU, the guest's own timers are not what they are without VMRPC. */
    void serve(final boolean wanted) throws IOException, InterruptedException {
        if (wanted != isServed) {
            output(wanted ? program(DAEMON) + " --cpu " + VmSide.RT_CPU + " --daemon >/tmp/daemon 2>&1 || { cat /tmp/daemon; exit 1; }"
                : "pkill -x " + DAEMON + "; while pgrep -x " + DAEMON + "; do sleep 0.05; done");
            isServed = wanted;
        }
    }

    /** What a command writes that should take so long, and must succeed; one that hangs is killed, so that others can run. */
    String run(final String command, final long expectedNs) throws IOException, InterruptedException {
        final long limit = SHORT.toSeconds() + 4 * expectedNs / 1_000_000_000;
        return shell.output("timeout -k 5 " + limit + " " + command, SHORT.plusSeconds(limit));
    }

    /** What a short command writes, which must succeed. */
    String output(final String command) throws IOException, InterruptedException {
        return shell.output(command, SHORT);
    }

    byte[] read(final String file) throws IOException, InterruptedException {
        return shell.read(file, SHORT);
    }

    @Override
    public void close() {
        shell.close();
    }
}
