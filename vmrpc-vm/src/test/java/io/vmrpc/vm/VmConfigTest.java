package io.vmrpc.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class VmConfigTest {
    @Test
    void everyRefusalNamesTheOptionAndTheRemedy() {
        refused("--cpus 0: give a number from 1 to 64", builder -> builder.cpus(0));
        refused("--cpus 65: give", builder -> builder.cpus(65));
        refused("--rt-cpu 0: CPU 0 takes the guest's interrupts; give 1 to 1", builder -> builder.rtCpu(0));
        refused("--rt-cpu 2: the guest has CPUs 0 to 1", builder -> builder.rtCpu(2));
        refused("--mem 3x: give a size such as 2G", builder -> builder.memory("3x"));
        refused("--mem 64M: a guest needs at least 256M", builder -> builder.memory("64M"));
        refused("there is no command", builder -> builder.command(List.of()));
        refused("--park futex: TCG has one way", builder -> builder.park(ParkMode.FUTEX).accelerator(Accelerator.TCG));
        refused("shim kind SLICES is TCG's", builder -> builder.shim(QemuShim.Kind.SLICES));
        refused("--env A-B: not the name", builder -> builder.environment("A-B", "1"));
    }

    @Test
    void laterChangesOfTheBuilderDoNotReachTheConfig() {
        VmConfig.Builder builder = VmConfig.builder().command(List.of("true")).cpus(3);
        VmConfig config = builder.build();
        builder.cpus(4).environment("LATER", "1");
        assertEquals(3, config.cpus());
        assertTrue(!config.environment().containsKey("LATER"));
    }

    private static void refused(String beginning, Consumer<VmConfig.Builder> change) {
        VmConfig.Builder builder = VmConfig.builder().command(List.of("true"));
        change.accept(builder);
        String message = assertThrows(IllegalArgumentException.class, builder::build).getMessage();
        assertTrue(message.startsWith(beginning), message);
    }
}
