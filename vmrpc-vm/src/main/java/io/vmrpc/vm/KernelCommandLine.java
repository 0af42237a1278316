package io.vmrpc.vm;

import java.util.StringJoiner;

/** The guest kernel's command line. Options are those of Documentation/admin-guide/kernel-parameters. */
final class KernelCommandLine {
    private KernelCommandLine() {}

    static String of(VmConfig config) {
        StringJoiner words = new StringJoiner(" ");
        words.add("console=ttyS0 quiet loglevel=4 rdinit=/init panic=-1");
        // the only clock whose offset to the host's stays constant; QEMU's emulated HPET and PIT are no better reference
        words.add("tsc=reliable clocksource=tsc no_timer_check");
        // a parked vCPU looks hung to the guest
        words.add("nowatchdog nosoftlockup rcupdate.rcu_cpu_stall_suppress=1");
        // the guest is as trusted as its user; each mitigation costs time at every entry to the kernel
        words.add("mitigations=off audit=0 random.trust_cpu=on cryptomgr.notests raid=noautodetect");
        words.add("skew_tick=1"); // ticks of all CPUs at one moment would contend for the host's CPUs
        if (config.rtCpu().isPresent()) {
            int cpu = config.rtCpu().getAsInt();
            words.add("isolcpus=nohz,domain,managed_irq," + cpu).add("nohz_full=" + cpu).add("rcu_nocbs=" + cpu);
            words.add("irqaffinity=" + housekeeping(config.cpus(), cpu));
        }
        return config.kernelOptions().isBlank() ? words.toString() : words.add(config.kernelOptions().strip()).toString();
    }

    /** {@return the other CPUs as a list, for example 0-1,3} */
    static String housekeeping(int cpus, int rtCpu) {
        StringJoiner list = new StringJoiner(",");
        list.add(range(0, rtCpu - 1));
        if (rtCpu + 1 < cpus) {
            list.add(range(rtCpu + 1, cpus - 1));
        }
        return list.toString();
    }

    private static String range(int first, int last) {
        return first == last ? Integer.toString(first) : first + "-" + last;
    }
}
