package io.vmrpc.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AcceleratorChoiceTest {
    private static final Optional<String> NOTHING = Optional.empty();
    private static final Optional<String> OBSTACLE = Optional.of("/dev/kvm is not usable: /dev/kvm: No such file or directory");

    private static VmConfig config(@Nullable Accelerator wanted, ParkMode park) {
        return VmConfig.builder().command(List.of("true")).accelerator(wanted).park(park).build();
    }

    @Test
    void autoTakesKvmIfItCan() throws IOException {
        assertEquals(new AcceleratorChoice(Accelerator.KVM, "/dev/kvm here runs 64-bit guests"),
                AcceleratorChoice.of(config(null, ParkMode.HALTED), NOTHING));
    }

    @Test
    void autoTakesTcgElseAndSaysWhy() throws IOException {
        assertEquals(new AcceleratorChoice(Accelerator.TCG, OBSTACLE.get()), AcceleratorChoice.of(config(null, ParkMode.AUTO), OBSTACLE));
    }

    @Test
    void whatIsAskedForIsTaken() throws IOException {
        assertEquals(new AcceleratorChoice(Accelerator.KVM, "as asked"), AcceleratorChoice.of(config(Accelerator.KVM, ParkMode.FUTEX), NOTHING));
        assertEquals(new AcceleratorChoice(Accelerator.TCG, "as asked"), AcceleratorChoice.of(config(Accelerator.TCG, ParkMode.AUTO)));
    }

    @Test
    void whatIsAskedForAndCannotBeIsRefused() {
        assertEquals("--accel kvm: " + OBSTACLE.get() + "; use --accel tcg, or a host whose KVM can",
                assertThrows(VmException.class, () -> AcceleratorChoice.of(config(Accelerator.KVM, ParkMode.AUTO), OBSTACLE)).getMessage());
        assertEquals("--park futex needs KVM, and " + OBSTACLE.get() + "; leave --park out",
                assertThrows(VmException.class, () -> AcceleratorChoice.of(config(null, ParkMode.FUTEX), OBSTACLE)).getMessage());
    }
}
