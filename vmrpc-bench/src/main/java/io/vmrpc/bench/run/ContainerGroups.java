package io.vmrpc.bench.run;

import io.vmrpc.host.vcpu.Cgroup;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agrona.concurrent.SleepingMillisIdleStrategy;

/**
 * The cgroups of one container, directly below the top: one of each controller where the host has them of version 1, else one of version 2. Their names have the
 * number of this process, so that the next run can remove what a killed one left. Not thread-safe.
 */
final class ContainerGroups {
    private static final String PREFIX = "vmrpc-container-";
    private static final List<String> CONTROLLERS = List.of("cpuacct", "cpu", "memory", "pids");
    /** A kernel with RT_GROUP_SCHED lets a group's threads be real-time only if it is given time of each second: Documentation/scheduler/sched-rt-group. */
    private static final String REAL_TIME = "cpu.rt_runtime_us";
    private static final int REAL_TIME_US = 400_000;
    private static final int TRIES = 200;
    private final List<Path> folders = new ArrayList<>();

    /** Makes them; what cannot be made whole is removed again. */
    ContainerGroups() throws IOException {
        try {
            for (final Path mount : mounts()) {
                sweep(mount);
                final Path folder = Files.createDirectory(mount.resolve(PREFIX + ProcessHandle.current().pid()));
                folders.add(folder);
                if (Files.exists(folder.resolve(REAL_TIME))) {
                    Files.writeString(folder.resolve(REAL_TIME), Integer.toString(REAL_TIME_US));
                }
            }
        } catch (final IOException e) {
            remove();
            throw new IOException("no cgroup for the container: " + e.getMessage() + "; run as root", e);
        }
    }

    private static List<Path> mounts() throws IOException {
        final List<String> mounts = Files.readAllLines(Path.of("/proc/self/mountinfo"));
        final List<String> groups = Files.readAllLines(Path.of("/proc/self/cgroup"));
        final List<Path> found = new ArrayList<>();
        for (final String controller : CONTROLLERS) {
            Cgroup.find(1, controller, mounts, groups).map(Cgroup::mount).filter(mount -> !found.contains(mount)).ifPresent(found::add);
        }
        final Optional<Cgroup> unified = Cgroup.find(2, "", mounts, groups);
        if (found.isEmpty() && unified.isEmpty()) {
            throw new IOException("no cgroup file system is mounted");
        }
        return found.isEmpty() ? List.of(unified.get().mount()) : found;
    }

    private static void sweep(final Path mount) throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(mount, PREFIX + "*")) {
            for (final Path folder : folders) {
                final String pid = folder.getFileName().toString().substring(PREFIX.length());
                if (!pid.matches("\\d{1,9}") || ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
                    Files.delete(folder);
                }
            }
        }
    }

    /** The files that take a process in. */
    List<Path> entrances() {
        return folders.stream().map(folder -> folder.resolve("cgroup.procs")).toList();
    }

    /** CPU time of all processes that were ever in it. */
    long cpuNs() throws IOException {
        final Path first = folders.get(0);
        if (Files.exists(first.resolve("cpuacct.usage"))) {
            return Long.parseLong(Files.readString(first.resolve("cpuacct.usage")).strip());
        }
        for (final String line : Files.readAllLines(first.resolve("cpu.stat"))) { // of version 2
            if (line.startsWith("usage_usec ")) {
                return 1_000 * Long.parseLong(line.substring("usage_usec ".length()));
            }
        }
        throw new IOException(first + " does not count CPU time");
    }

    /** Removes them; a process that was killed may need a moment to leave. */
    void remove() throws IOException {
        final SleepingMillisIdleStrategy pause = new SleepingMillisIdleStrategy(10);
        for (final Path folder : folders) {
            for (int i = 0; i < TRIES && Files.exists(folder); i++) {
                try {
                    Files.delete(folder);
                } catch (final IOException e) {
                    if (i == TRIES - 1) {
                        throw e;
                    }
                    pause.idle();
                }
            }
        }
        folders.clear();
    }
}
