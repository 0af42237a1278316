package io.vmrpc.doctor;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the kernel does to memory behind a program's back. */
final class MemoryChecks {
    private static final Pattern CHOSEN = Pattern.compile("\\[(\\S+)]");

    private MemoryChecks() {}

    static Finding swap(Machine machine) {
        Reading swaps = machine.read("proc/swaps");
        if (!swaps.isKnown()) {
            return machine.config().lacks("CONFIG_SWAP") ? Finding.ok("this kernel has none") : swaps.unknown();
        }
        long areas = swaps.text().lines().skip(1).count();
        return areas == 0 ? Finding.ok("none")
                : Finding.warning(areas + " area(s): memory that is not locked may have to be read back from disk",
                        machine.isGuest() ? "swapoff -a; bind locks this process's memory only" : "swapoff -a, or start QEMU with -overcommit mem-lock=on");
    }

    static Finding hugePages(Machine machine) {
        Reading enabled = machine.read("sys/kernel/mm/transparent_hugepage/enabled");
        if (!enabled.isKnown()) {
            return machine.lacks(enabled, "sys/kernel/mm") ? Finding.ok("this kernel has no transparent huge pages") : enabled.unknown();
        }
        Matcher chosen = CHOSEN.matcher(enabled.text());
        if (!chosen.find()) {
            return Finding.unknown(enabled.file() + " says '" + enabled.text() + "'", "look at it by hand");
        }
        return chosen.group(1).equals("always") ? Finding.warning("always: khugepaged moves pages of every program, and first touches may compact memory",
                "echo madvise >" + enabled.file() + " (use hugetlbfs where huge pages are wanted)") : Finding.ok(chosen.group(1));
    }

    static Finding compaction(Machine machine) {
        Reading proactive = machine.read("proc/sys/vm/compaction_proactiveness");
        return machine.lacks(proactive, "proc/sys/vm") ? Finding.ok("this kernel compacts on demand only")
                : !proactive.isKnown() ? proactive.unknown()
                : proactive.is("0") ? Finding.ok("on demand only")
                : Finding.warning("vm.compaction_proactiveness is " + proactive.text() + ": pages move in the background, each with a TLB shootdown",
                        "sysctl -w vm.compaction_proactiveness=0");
    }

    static Finding merging(Machine machine) {
        Reading run = machine.read("sys/kernel/mm/ksm/run");
        return machine.lacks(run, "sys/kernel/mm") ? Finding.ok("this kernel has no KSM")
                : !run.isKnown() ? run.unknown()
                : run.is("1") ? Finding.warning("KSM merges pages: the first write to a merged one is slow", "echo 2 >" + run.file() + " (and stop ksmtuned)")
                : Finding.ok("KSM is off");
    }
}
