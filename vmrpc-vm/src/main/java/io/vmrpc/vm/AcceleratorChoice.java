package io.vmrpc.vm;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which accelerator executes a Linux guest's code, and why.
 *
 * @param accelerator the one that was picked
 * @param reason for the user, in words that follow a colon
 */
record AcceleratorChoice(Accelerator accelerator, String reason) {
    private static @Nullable KvmProbe found;

    /** KVM if it is wanted or possible. The first use of a process that does not ask for TCG runs the probe. */
    static AcceleratorChoice of(VmConfig config) throws IOException {
        boolean isTcgWanted = config.accelerator().filter(Accelerator.TCG::equals).isPresent();
        return isTcgWanted ? new AcceleratorChoice(Accelerator.TCG, "as asked") : of(config, probe().obstacle());
    }

    static AcceleratorChoice of(VmConfig config, Optional<String> obstacle) throws VmException {
        if (obstacle.isEmpty()) {
            return new AcceleratorChoice(Accelerator.KVM, config.accelerator().isPresent() ? "as asked" : "/dev/kvm here runs 64-bit guests");
        }
        if (config.accelerator().isPresent()) {
            throw new VmException("--accel kvm: " + obstacle.get() + "; use --accel tcg, or a host whose KVM can");
        }
        if (config.park() != ParkMode.AUTO) {
            throw new VmException("--park " + config.park().word() + " needs KVM, and " + obstacle.get() + "; leave --park out");
        }
        return new AcceleratorChoice(Accelerator.TCG, obstacle.get());
    }

    private static synchronized KvmProbe probe() throws IOException {
        if (found == null) {
            try {
                found = KvmProbe.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
        return found;
    }
}
