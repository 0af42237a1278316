package io.vmrpc.doctor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalInt;

/** How long a host CPU takes to come back from idleness. */
final class PowerChecks {
    /** An exit that takes longer shows beside a park's own cost. */
    private static final int SLOW_EXIT_US = 10;
    private static final String LATENCY = "dev/cpu_dma_latency";

    private PowerChecks() {}

    static Finding idleStates(Machine machine) {
        Reading driver = machine.read("sys/devices/system/cpu/cpuidle/current_driver");
        if (!driver.isKnown()) {
            return driver.isAbsent() && machine.config().lacks("CONFIG_CPU_IDLE") ? Finding.ok("this kernel has none") : driver.unknown();
        }
        int cpu = Math.max(0, machine.cpus().first());
        String folder = "sys/devices/system/cpu/cpu" + cpu + "/cpuidle";
        if (driver.is("none") || machine.word("idle").filter("poll"::equals).isPresent()) {
            return Finding.ok(driver.is("none") ? "no driver: an idle CPU halts, or its hypervisor decides" : "idle=poll");
        }
        int slowest = 0;
        String name = "";
        for (String state : machine.tree().names(folder)) {
            Reading latency = machine.read(folder + "/" + state + "/latency");
            boolean isOff = machine.read(folder + "/" + state + "/disable").is("1");
            if (!isOff && latency.isKnown() && latency.text().matches("[0-9]{1,9}") && Integer.parseInt(latency.text()) > slowest) {
                slowest = Integer.parseInt(latency.text());
                name = machine.read(folder + "/" + state + "/name").content();
            }
        }
        OptionalInt allowed = allowedLatency(machine);
        if (slowest <= SLOW_EXIT_US || allowed.isPresent() && allowed.getAsInt() <= SLOW_EXIT_US) {
            return Finding.ok(slowest <= SLOW_EXIT_US ? "the deepest takes " + slowest + " us to leave"
                    : "/" + LATENCY + " is held at " + allowed.getAsInt() + " us");
        }
        return Finding.warning("state " + name + " takes " + slowest + " us to leave"
                + (allowed.isPresent() ? "" : " (/" + LATENCY + " cannot be read: run as root)"),
                "hold /" + LATENCY + " open at 0 (tuned-adm profile latency-performance), or boot with intel_idle.max_cstate=1 processor.max_cstate=1");
    }

    /** What all holders of the device agree on: 4 bytes, in microseconds. */
    private static OptionalInt allowedLatency(Machine machine) {
        try {
            byte[] bytes = machine.tree().bytes(LATENCY);
            return bytes.length < 4 ? OptionalInt.empty() : OptionalInt.of(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt());
        } catch (IOException e) {
            return OptionalInt.empty();
        }
    }

    static Finding frequency(Machine machine) {
        String file = "sys/devices/system/cpu/cpu" + Math.max(0, machine.cpus().first()) + "/cpufreq/scaling_governor";
        Reading governor = machine.read(file);
        return machine.lacks(governor, "sys/devices/system/cpu") ? Finding.ok("nothing scales the CPU's frequency from here")
                : !governor.isKnown() ? governor.unknown()
                : governor.is("performance") ? Finding.ok("governor performance")
                : Finding.warning("governor " + governor.text() + ": a CPU that wakes is slow at first",
                        "cpupower frequency-set -g performance, or echo performance >" + governor.file());
    }
}
