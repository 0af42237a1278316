package io.vmrpc.doctor;

import java.util.List;

/** All checks, in the order of the report. */
final class Checks {
    static final List<Check> ALL = List.of(
            Check.both("kernel", KernelChecks::flavour),
            Check.both("isolation", IsolationChecks::isolation),
            Check.both("tick", IsolationChecks::tick),
            Check.both("rcu-callbacks", IsolationChecks::rcuCallbacks),
            Check.both("interrupts", IsolationChecks::interrupts),
            Check.host("siblings", IsolationChecks::siblings),
            Check.both("rt-throttling", KernelChecks::throttling),
            Check.both("fair-server", KernelChecks::fairServer),
            Check.both("watchdog", KernelChecks::watchdog),
            Check.guest("false-alarms", KernelChecks::falseAlarms),
            Check.both("clocksource", KernelChecks::clocksource),
            Check.bothSeveral("cgroup-rt", CgroupChecks::realTimeShare),
            Check.bothSeveral("cgroup-quota", CgroupChecks::quota),
            Check.bothSeveral("cpuset", CgroupChecks::cpuset),
            Check.both("timer-slack", PrivilegeChecks::timerSlack),
            Check.host("idle-states", PowerChecks::idleStates),
            Check.host("frequency", PowerChecks::frequency),
            Check.both("rt-privilege", PrivilegeChecks::realTimePriority),
            Check.both("locked-memory", PrivilegeChecks::lockedMemory),
            Check.guest("port-access", PrivilegeChecks::portAccess),
            Check.both("lockdown", KernelChecks::lockdown),
            Check.both("swap", MemoryChecks::swap),
            Check.both("huge-pages", MemoryChecks::hugePages),
            Check.both("compaction", MemoryChecks::compaction),
            Check.both("page-merging", MemoryChecks::merging),
            Check.host("futex-waitv", KernelChecks::futexWaitv),
            Check.host("kvm", KvmChecks::device),
            Check.host("kvm-halt-poll", KvmChecks::haltPoll),
            Check.host("kvm-huge-pages", KvmChecks::hugePageRecovery),
            Check.hostSeveral("qemu-shim", QemuChecks::shimLoaded),
            Check.hostSeveral("qemu-vcpus", QemuChecks::vcpuThreads),
            Check.hostSeveral("qemu-sandbox", QemuChecks::sandbox),
            Check.hostSeveral("apparmor", QemuChecks::appArmor),
            Check.bothSeveral("region", RegionChecks::region),
            Check.bothSeveral("shim", RegionChecks::shim),
            Check.bothSeveral("agent", RegionChecks::agent),
            Check.bothSeveral("load-time", RegionChecks::loadTime),
            Check.bothSeveral("protocol", RegionChecks::versions),
            Check.host("qemu", VersionChecks::qemu),
            Check.both("jdk", VersionChecks::jdk));

    private Checks() {}
}
