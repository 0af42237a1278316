package io.vmrpc.host.vcpu;

import io.vmrpc.natives.Native;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Keeps the guest's memory in memory. There is no lock for one thread: mlock(2) is of the process and can be taken only by itself. From
 * outside there is its limit, a look at what it has locked, and the swapping of its cgroup.
 */
final class MemoryLock {
    private static final long UNLIMITED = -1;
    private final VcpuThread thread;
    private final UndoProgram undo;
    private final List<String> facts;

    MemoryLock(final VcpuThread thread, final UndoProgram undo, final List<String> facts) {
        this.thread = thread;
        this.undo = undo;
        this.facts = facts;
    }

    void apply() throws IOException {
        final long lockedBytes = Long.parseLong(ProcFiles.field(Path.of("/proc/" + thread.pid() + "/status"), "VmLck:")) << 10;
        if (lockedBytes >= thread.memoryBytes()) {
            facts.add("QEMU has locked " + (lockedBytes >> 20) + " MiB, all of the guest's memory");
            raiseLimit();
            return;
        }
        final Optional<String> swapping = stopSwapping();
        if (swapping.isEmpty()) {
            throw new VcpuControlException("QEMU has locked " + (lockedBytes >> 20) + " of the guest's " + (thread.memoryBytes() >> 20) +
                " MiB: start it with -overcommit mem-lock=on and a sufficient ulimit -l; only QEMU itself can lock its memory");
        }
        facts.add(swapping.get() + "; QEMU has not locked its memory (-overcommit mem-lock=on), so its program pages may still be dropped");
    }

    /** QEMU locked future memory too: what it maps later, for a hot-plugged device, would fail at the limit. */
    private void raiseLimit() throws IOException {
        final long[] limits = new long[2];
        final boolean isReadable = Native.vmrpc_get_memlock(thread.pid(), limits) == 0;
        if (isReadable && limits[0] == UNLIMITED) {
            return;
        }
        if (isReadable) {
            undo.before("memlock", Long.toString(limits[0]), Long.toString(limits[1]));
        }
        if (isReadable && Native.vmrpc_set_memlock(thread.pid(), UNLIMITED, UNLIMITED) == 0) {
            facts.add("QEMU's limit of locked memory (RLIMIT_MEMLOCK) is lifted");
        } else if (isReadable && Native.vmrpc_set_memlock(thread.pid(), limits[1], limits[1]) == 0) {
            facts.add("QEMU's limit of locked memory (RLIMIT_MEMLOCK) is its hard limit, " + (limits[1] >> 10) + " kB; more needs CAP_SYS_RESOURCE");
        } else {
            facts.add("QEMU's limit of locked memory (RLIMIT_MEMLOCK) stays: prlimit is not permitted; run as QEMU's user, or with CAP_SYS_RESOURCE");
        }
    }

    /** Of QEMU's cgroup, if QEMU is alone in it. */
    private Optional<String> stopSwapping() throws IOException {
        final Optional<Cgroup> found = Cgroup.of("memory", thread.pid(), thread.pid());
        if (found.isEmpty()) {
            return Optional.empty();
        }
        final String file = found.get().version() == 1 ? "memory.swappiness" : "memory.swap.max";
        final Cgroup group = found.get().upwards().filter(each -> each.has(file)).findFirst().orElse(found.get());
        if (group.isTop() || !group.has(file) || !isAlone(group)) {
            return Optional.empty();
        }
        undo.before("write", group.file(file).toString(), group.read(file));
        ProcFiles.write(group.file(file), "0");
        return Optional.of(file + " of " + group + " is 0 (for all of QEMU): its memory is " + (group.version() == 1 ? "swapped only when the group's limit leaves no choice" : "not swapped"));
    }

    private boolean isAlone(final Cgroup group) throws IOException {
        try (Stream<Path> folders = Files.walk(group.folder())) {
            for (final Path file : folders.filter(Files::isDirectory).map(each -> each.resolve("cgroup.procs")).toList()) {
                if (!onlyOurs(file)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean onlyOurs(final Path file) {
        try {
            return Files.readAllLines(file).stream().allMatch(Integer.toString(thread.pid())::equals);
        } catch (final IOException e) {
            return true; // a threaded group: its processes are listed at its domain, which is in this walk
        }
    }
}
