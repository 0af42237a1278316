package io.vmrpc.doctor;

import io.vmrpc.error.ConnectException;
import io.vmrpc.layout.HeaderDescriptor;
import io.vmrpc.layout.Protocol;
import io.vmrpc.region.ObservedRegion;
import io.vmrpc.region.ShimLine;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The shared memory, and what agent and shim have written about themselves. */
final class RegionChecks {
    private static final Finding NONE = Finding.ok("no region is named, and no running QEMU has one (name it with --region FILE)");

    private RegionChecks() {}

    static List<Finding> region(Machine machine) {
        return each(machine, region -> Finding.ok(region.path() + ", " + region.memory().capacity() + " bytes, " + region.geometry().slotCount() + " slots, "
                + region.geometry().channelCount() + " channels"), true);
    }

    static List<Finding> shim(Machine machine) {
        return each(machine, region -> {
            ShimLine shim = ShimLine.read(region.memory());
            if (shim.epoch() == 0) {
                return Finding.problem("no shim serves " + region.path() + ": nothing parks",
                        "start QEMU with the plugin libvmrpc-qemu-tcg.so, or under KVM with libvmrpc-qemu-kvm.so preloaded (see docs/operations.md)");
            }
            String text = shim.text() + ", " + instruction(shim) + ", " + shim.slotsServed() + " slots";
            if (shim.refusal() != 0) {
                return Finding.problem(text + ": it refuses to park", shim.refusalText());
            }
            boolean cuts = shim.kickMode() == Protocol.KICK_SLICES && shim.parkMode() == Protocol.PARK_FUTEX;
            return cuts ? Finding.warning(text + ": parks are cut into slices, and interrupts wait for the end of one",
                    shim.kind() == Protocol.SHIM_QEMU_KVM ? "start QEMU with VMRPC_PARK=halted, if interrupts to a parked vCPU matter"
                            : "preload the plugin's own file into QEMU (LD_PRELOAD)") : Finding.ok(text);
        }, false);
    }

    static List<Finding> agent(Machine machine) {
        return each(machine, region -> {
            ShimLine shim = ShimLine.read(region.memory());
            long epoch = region.memory().getLongAcquire(HeaderDescriptor.AGENT_EPOCH);
            String start = machine.isGuest() ? "on the host: ./vmrpc agent --region FILE" : "./vmrpc agent --region " + region.path() + " --keep";
            if (epoch == 0) {
                return Finding.problem("no agent serves " + region.path(), start);
            }
            if (shim.epoch() == 0) {
                return Finding.warning("an agent has opened it; without a shim nobody knows whether it lives", "see shim");
            }
            return shim.link() == Protocol.LINK_UP ? Finding.ok("linked to the shim")
                    : Finding.problem("the shim's link to the agent " + (shim.link() == Protocol.LINK_DOWN ? "is down" : "was never up"),
                            start + "; QEMU's log says why there is no link");
        }, false);
    }

    static List<Finding> versions(Machine machine) {
        return each(machine, region -> {
            ShimLine shim = ShimLine.read(region.memory());
            String text = "this program " + Protocol.versionText(Protocol.VERSION) + ", region "
                    + Protocol.versionText(region.memory().getInt(HeaderDescriptor.VERSION)) + ", shim "
                    + (shim.epoch() == 0 ? "none" : Protocol.versionText(shim.version()));
            return shim.epoch() == 0 || shim.version() >>> 16 == Protocol.VERSION_MAJOR ? Finding.ok(text)
                    : Finding.problem(text, "use the same release in host and guest");
        }, false);
    }

    static List<Finding> loadTime(Machine machine) {
        return each(machine, region -> judge(LoadTime.measure(region.memory())), false);
    }

    static Finding judge(LoadTime time) {
        return !time.looksUncached() ? Finding.ok(time.text())
                : Finding.warning(time.text() + ": its mapping looks uncached, so every access is slow",
                        "on Intel hosts take devices without snoop control away from the VM; on AMD hosts the guest's mapping decides, and calls cost more there");
    }

    /** {@return what enters the shim of the machine's region, 0 where that cannot be told} */
    static int instruction(Machine machine) {
        try {
            ShimLine shim = ShimLine.read(ObservedRegion.open(machine.regions().get(0)).memory());
            return shim.epoch() == 0 ? 0 : shim.instruction();
        } catch (IOException | RuntimeException e) {
            return 0; // the check of the region says why
        }
    }

    private static String instruction(ShimLine shim) {
        return switch (shim.instruction()) {
            case Protocol.INSTRUCTION_CALL -> "function call";
            case Protocol.INSTRUCTION_NOP -> "NOP";
            case Protocol.INSTRUCTION_OUT -> "port";
            default -> "instruction " + shim.instruction();
        };
    }

    /** One finding for each region; why one cannot be looked at is told once, by the check of the region itself. */
    private static List<Finding> each(Machine machine, Function<ObservedRegion, Finding> look, boolean tellsWhy) {
        List<Path> regions;
        try {
            regions = machine.regions();
        } catch (ConnectException e) {
            return tellsWhy ? List.of(refused(e)) : List.of();
        }
        List<Finding> findings = new ArrayList<>();
        for (Path path : regions) {
            one(machine, path, look, tellsWhy).ifPresent(findings::add);
        }
        return regions.isEmpty() && tellsWhy ? List.of(NONE) : findings;
    }

    private static Optional<Finding> one(Machine machine, Path path, Function<ObservedRegion, Finding> look, boolean tellsWhy) {
        try {
            return Optional.of(look.apply(ObservedRegion.open(path)));
        } catch (AccessDeniedException e) {
            return tellsWhy ? Optional.of(Finding.unknown(path + " cannot be read (permission denied)", machine.isGuest() ? "run as root; lockdown must be off"
                    : "run as root, or as the user of its agent")) : Optional.empty();
        } catch (IOException e) {
            return tellsWhy ? Optional.of(refused(e)) : Optional.empty();
        }
    }

    private static Finding refused(Exception reason) {
        return Finding.problem(sentence(reason.getMessage(), 0), sentence(reason.getMessage(), 1));
    }

    /** The messages of {@code io.vmrpc.region} have both in one sentence: what is wrong, a colon, what to do. */
    private static String sentence(String message, int part) {
        int colon = message.indexOf(": ");
        return colon < 0 ? part == 0 ? message : "check the path" : part == 0 ? message.substring(0, colon) : message.substring(colon + 2);
    }
}
