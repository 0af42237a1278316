package io.vmrpc.host.vcpu;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/** Makes the cgroups of one thread: what versions 1 and 2 have in common. Whatever it does is told to the undo program first. */
final class ThreadGroups {
    private static final String PREFIX = "vmrpc-vcpu-";
    private final VcpuThread thread;
    private final VcpuControlContext context;
    private final UndoProgram undo;
    private final List<String> facts;

    ThreadGroups(final VcpuThread thread, final VcpuControlContext context, final UndoProgram undo, final List<String> facts) {
        this.thread = thread;
        this.context = context;
        this.undo = undo;
        this.facts = facts;
    }

    /** Each controller is in one hierarchy, of version 1 or 2; a machine may have both. */
    void make() throws IOException {
        final Optional<Cgroup> cpuset = of("cpuset");
        final Optional<Cgroup> cpu = of("cpu");
        if (context.isIsolated() && cpuset.filter(group -> group.version() == 2).isEmpty()) {
            throw new VcpuControlException("an isolated partition needs the cpuset controller of cgroup v2: boot with isolcpus= instead, or mount cgroup2");
        }
        final ThreadedGroup threaded = new ThreadedGroup(this);
        for (final Optional<Cgroup> group : List.of(cpuset, cpu)) {
            if (group.isPresent() && group.get().version() == 2) {
                threaded.make(group.get());
                break;
            }
        }
        if (cpuset.isPresent() && cpuset.get().version() == 1 && !context.cpus().isEmpty()) {
            new CpusetGroup(this).make(cpuset.get());
        }
        if (cpu.isPresent() && cpu.get().version() == 1) {
            new RealTimeGroup(this).make(cpu.get());
        }
        if (cpuset.isEmpty() && !context.cpus().isEmpty()) {
            facts.add("no cpuset: that controller is not mounted; the affinity alone holds the thread");
        }
    }

    private Optional<Cgroup> of(final String controller) throws IOException {
        return Cgroup.of(controller, thread.pid(), thread.tid());
    }

    /** A new group for this thread only. */
    Cgroup create(final Cgroup parent) throws IOException {
        final Cgroup group = parent.child(PREFIX + thread.tid());
        undo.before("rmdir", group.toString());
        try {
            Files.createDirectories(group.folder()); // one that a killed control left behind will do
        } catch (final IOException e) {
            throw new VcpuControlException("cannot create cgroup " + group + " (" + ProcFiles.reason(e) +
                "): run as root or have the group delegated to you, or go without (--cgroup none)", e);
        }
        return group;
    }

    void move(final Cgroup from, final Cgroup to, final String file) throws IOException {
        undo.before("move", from.file(file).toString());
        ProcFiles.write(to.file(file), Integer.toString(thread.tid()));
    }

    static boolean isOurs(final Cgroup group) {
        return group.folder().getFileName().toString().startsWith(PREFIX);
    }

    UndoProgram undo() {
        return undo;
    }

    VcpuControlContext context() {
        return context;
    }

    VcpuThread thread() {
        return thread;
    }

    void say(final String fact) {
        facts.add(fact);
    }
}
