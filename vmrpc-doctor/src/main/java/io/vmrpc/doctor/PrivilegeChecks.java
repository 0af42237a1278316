package io.vmrpc.doctor;

import io.vmrpc.layout.Protocol;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What this process, and so a program that is started like it, may do. */
final class PrivilegeChecks {
    private static final int CAP_IPC_LOCK = 14; // linux/capability.h
    private static final int CAP_SYS_RAWIO = 17;
    private static final int CAP_SYS_NICE = 23;
    private static final int USUAL_PRIORITY = 80;
    private static final String AS_ROOT = "run as root, or give the program %s (systemd: AmbientCapabilities=%s)";

    private PrivilegeChecks() {}

    static Finding realTimePriority(Machine machine) {
        Reading status = machine.read("proc/self/status");
        if (!status.isKnown()) {
            return status.unknown("mount proc");
        }
        if (has(status, CAP_SYS_NICE)) {
            return Finding.ok("CAP_SYS_NICE");
        }
        String limit = limit(machine, "Max realtime priority");
        if (limit.matches("unlimited|[0-9]{1,9}") && (limit.equals("unlimited") || Integer.parseInt(limit) >= USUAL_PRIORITY)) {
            return Finding.ok("RLIMIT_RTPRIO is " + limit);
        }
        String found = "no CAP_SYS_NICE, and RLIMIT_RTPRIO is " + limit + ": SCHED_FIFO is refused";
        String remedy = remedy("CAP_SYS_NICE") + ", or raise the limit (limits.conf: rtprio " + USUAL_PRIORITY + ")";
        return machine.isGuest() ? Finding.problem(found, remedy) : Finding.warning(found, remedy);
    }

    static Finding lockedMemory(Machine machine) {
        Reading status = machine.read("proc/self/status");
        if (!status.isKnown()) {
            return status.unknown("mount proc");
        }
        String limit = limit(machine, "Max locked memory");
        if (has(status, CAP_IPC_LOCK) || limit.equals("unlimited")) {
            return Finding.ok(limit.equals("unlimited") ? "RLIMIT_MEMLOCK is unlimited" : "CAP_IPC_LOCK");
        }
        String found = "no CAP_IPC_LOCK, and RLIMIT_MEMLOCK is " + limit + ": mlockall is refused";
        String remedy = "ulimit -l unlimited, or " + remedy("CAP_IPC_LOCK");
        return machine.isGuest() ? Finding.problem(found, remedy) : Finding.warning(found, remedy);
    }

    static Finding portAccess(Machine machine) {
        Reading status = machine.read("proc/self/status");
        if (!status.isKnown()) {
            return status.unknown("mount proc");
        }
        if (has(status, CAP_SYS_RAWIO)) {
            return Finding.ok("CAP_SYS_RAWIO");
        }
        int instruction = RegionChecks.instruction(machine);
        return instruction == Protocol.INSTRUCTION_NOP ? Finding.ok("not needed: this shim is entered by a NOP")
                : instruction == Protocol.INSTRUCTION_OUT ? Finding.problem("no CAP_SYS_RAWIO: connect is refused", remedy("CAP_SYS_RAWIO"))
                : Finding.warning("no CAP_SYS_RAWIO: under KVM connect is refused", remedy("CAP_SYS_RAWIO"));
    }

    static Finding timerSlack(Machine machine) {
        Reading slack = machine.read("proc/self/timerslack_ns");
        if (!slack.isKnown() || !slack.text().matches("[0-9]{1,18}")) {
            return slack.unknown();
        }
        return Long.parseLong(slack.text()) <= 50_000 ? Finding.ok(slack.text() + " ns; threads that park set their own, real-time threads have none")
                : Finding.warning(slack.text() + " ns: what is started from here inherits late timers",
                        "echo 50000 >/proc/PID/timerslack_ns (systemd: TimerSlackNSec=50us)");
    }

    private static String remedy(String capability) {
        return String.format(Locale.ROOT, AS_ROOT, capability, capability);
    }

    private static boolean has(Reading status, int capability) {
        Matcher mask = Pattern.compile("(?m)^CapEff:\\s*([0-9a-f]{1,16})$").matcher(status.text());
        return mask.find() && (Long.parseUnsignedLong(mask.group(1), 16) >>> capability & 1) == 1;
    }

    /** {@return the soft limit as the kernel writes it} */
    private static String limit(Machine machine, String name) {
        Reading limits = machine.read("proc/self/limits");
        Matcher line = Pattern.compile("(?m)^" + name + "\\s+(\\S+)").matcher(limits.isKnown() ? limits.text() : "");
        return line.find() ? line.group(1) : "unknown";
    }
}
