package io.vmrpc.bench.run;

import io.vmrpc.bench.worker.Worker;
import java.util.ArrayList;
import java.util.List;

/** The command line that starts a worker with this process's class path and JDK. */
final class WorkerCommand {
    private WorkerCommand() {
    }

    static List<String> of(final List<String> options, final String... arguments) {
        return of(Worker.class, 128, options, arguments);
    }

    /** Another main class, and its heap in MiB. */
    static List<String> of(final Class<?> main, final int heap, final List<String> options, final String... arguments) {
        final List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java",
            "--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED", "-XX:+IgnoreUnrecognizedVMOptions", "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC", "-Xms" + heap + "m", "-Xmx" + heap + "m", "-XX:-UsePerfData",
            "-XX:+UnlockDiagnosticVMOptions", "-XX:GuaranteedSafepointInterval=0", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"));
        command.addAll(options);
        for (final String name : List.of("vmrpc.bench.priority", "vmrpc.bench.advance", "jna.library.path")) {
            if (System.getProperty(name) != null) {
                command.add("-D" + name + "=" + System.getProperty(name));
            }
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /**
     * The command for a guest: started again, at most eight times, if the JVM crashes (SIGABRT, status 134). HotSpot replaces the first bytes of a method by
     * one 8-byte store while another vCPU may execute it; TCG's translator reads them byte by byte and can meet half of it (docs/known-issues.md).
     */
    static List<String> ofGuest(final String... options) {
        final List<String> command = new ArrayList<>(List.of("sh", "-c",
            "n=0; until \"$@\"; do [ $? = 134 ] && [ $((n += 1)) -le 8 ] || exit 1; done", "worker"));
        command.addAll(of(List.of(options)));
        return command;
    }
}
