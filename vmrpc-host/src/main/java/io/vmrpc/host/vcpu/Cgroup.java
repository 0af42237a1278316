package io.vmrpc.host.vcpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A cgroup as a folder, of version 1 or 2: cgroups(7).
 *
 * @param version of its hierarchy.
 * @param mount folder of the hierarchy's topmost group that is visible here.
 * @param folder of the group.
 */
public record Cgroup(int version, Path mount, Path folder) {
    /** A thread's group in the hierarchy that has the controller, if one is mounted. */
    static Optional<Cgroup> of(final String controller, final int pid, final int tid) throws IOException {
        final List<String> mounts = Files.readAllLines(Path.of("/proc/self/mountinfo"));
        final List<String> groups = Files.readAllLines(Path.of("/proc/" + pid + "/task/" + tid + "/cgroup"));
        final Optional<Cgroup> first = find(1, controller, mounts, groups);
        return first.isPresent() ? first : find(2, controller, mounts, groups).filter(group -> group.isOfferedAtTop(controller));
    }

    /**
     * Finds a group in what the kernel says.
     *
     * @param version 1 or 2.
     * @param controller of version 1; version 2 has one hierarchy for all.
     * @param mounts lines of mountinfo, proc(5).
     * @param groups lines of /proc/PID/cgroup, cgroups(7).
     * @return the group; empty if there is no such mount.
     * @throws IOException if the process has no group there, or one that cannot be seen from here.
     */
    public static Optional<Cgroup> find(final int version, final String controller, final List<String> mounts, final List<String> groups) throws IOException {
        for (final String line : mounts) {
            final String[] words = line.split(" ");
            final int dash = Arrays.asList(words).indexOf("-");
            final boolean matches = version == 2 ? words[dash + 1].equals("cgroup2")
                : words[dash + 1].equals("cgroup") && Arrays.asList(words[words.length - 1].split(",")).contains(controller);
            if (matches) {
                return Optional.of(below(version, unescape(words[4]), unescape(words[3]), pathOf(version, controller, groups)));
            }
        }
        return Optional.empty();
    }

    private static String pathOf(final int version, final String controller, final List<String> groups) throws IOException {
        for (final String line : groups) {
            final String[] words = line.split(":", 3);
            if (version == 2 ? words[0].equals("0") : Arrays.asList(words[1].split(",")).contains(controller)) {
                return words[2];
            }
        }
        throw new IOException("/proc/PID/cgroup names no group for " + controller);
    }

    /** Below a container's mount the paths of /proc are not those of the folders. */
    private static Cgroup below(final int version, final String mount, final String root, final String path) throws IOException {
        final String rest = root.equals("/") ? path : path.equals(root) ? "/" : path.startsWith(root + "/") ? path.substring(root.length()) : null;
        if (rest == null || rest.startsWith("/..") || rest.chars().anyMatch(c -> c < ' ')) {
            throw new VcpuControlException("cgroup " + path + " is not visible below " + mount +
                ": run this outside the container, or without cgroups (--cgroup none)");
        }
        return new Cgroup(version, Path.of(mount), Path.of(mount + rest).normalize());
    }

    private static String unescape(final String word) {
        return word.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\");
    }

    private boolean isOfferedAtTop(final String controller) {
        try {
            return Arrays.asList(ProcFiles.read(mount.resolve("cgroup.controllers")).split(" ")).contains(controller);
        } catch (final IOException e) {
            return false;
        }
    }

    /**
     * A file of the group.
     *
     * @param name for example {@code cpu.max}.
     * @return its path.
     */
    public Path file(final String name) {
        return folder.resolve(name);
    }

    boolean has(final String name) {
        return Files.exists(file(name));
    }

    String read(final String name) throws IOException {
        return ProcFiles.read(file(name));
    }

    /** -1 for "max" and for a file that is missing. */
    long number(final String name) throws IOException {
        return ProcFiles.number(file(name));
    }

    /**
     * Whether no group is above.
     *
     * @return true for the topmost visible one.
     */
    public boolean isTop() {
        return folder.equals(mount);
    }

    Cgroup parent() {
        return new Cgroup(version, mount, folder.getParent());
    }

    Cgroup child(final String name) {
        return new Cgroup(version, mount, file(name));
    }

    /**
     * The group and all above.
     *
     * @return this one first, the topmost last.
     */
    public Stream<Cgroup> upwards() {
        return Stream.iterate(this, group -> group != null, group -> group.isTop() ? null : group.parent());
    }

    List<Cgroup> children() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory).map(each -> new Cgroup(version, mount, each)).toList();
        }
    }

    /** Here or above, for ordinary threads: SCHED_FIFO has no bandwidth limit but RT throttling. */
    boolean hasQuota() throws IOException {
        for (final Cgroup group : upwards().toList()) {
            if (version == 1 ? group.number("cpu.cfs_quota_us") > 0 : group.has("cpu.max") && !group.read("cpu.max").startsWith("max")) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}
