package io.vmrpc.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.layout.Geometry;
import io.vmrpc.layout.HeaderDescriptor;
import io.vmrpc.layout.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObservedRegionTest {
    @TempDir
    Path folder;

    @Test
    void seesWhatAgentAndShimWriteWithoutTakingARole() throws IOException {
        final Path file = folder.resolve("region");
        try (Region agent = Region.serve(file, Geometry.DEFAULT)) {
            final ObservedRegion first = ObservedRegion.open(file);
            final ObservedRegion second = ObservedRegion.open(file);
            assertEquals(Geometry.DEFAULT, first.geometry());
            assertEquals(0, ShimLine.read(second.memory()).epoch());
            agent.header().putInt(HeaderDescriptor.SHIM_KIND, Protocol.SHIM_QEMU_KVM);
            agent.header().putInt(HeaderDescriptor.PARK_MODE, Protocol.PARK_HALTED);
            agent.header().putLongRelease(HeaderDescriptor.SHIM_EPOCH, 7);
            assertEquals("QEMU KVM, halted", ShimLine.read(second.memory()).text());
            Region.open(file).close(); // the guest's role is still free
        }
    }

    @Test
    void refusesWhatIsNoRegion() throws IOException {
        assertTrue(assertThrows(RegionException.class, () -> ObservedRegion.open(folder.resolve("absent"))).getMessage().contains("start the agent"));
        final Path small = Files.write(folder.resolve("small"), new byte[100]);
        assertTrue(assertThrows(RegionException.class, () -> ObservedRegion.open(small)).getMessage().contains("100 bytes"));
        final Path empty = Files.write(folder.resolve("empty"), new byte[1 << 16]);
        assertTrue(assertThrows(RegionException.class, () -> ObservedRegion.open(empty)).getMessage().contains("magic 0x0"));
        assertEquals(0, ObservedRegion.magic(empty));
    }

    @Test
    void aRefusalIsSaidWithItsRemedy() {
        for (final int refusal : new int[] {Protocol.REFUSAL_SINGLE_THREADED_TCG, Protocol.REFUSAL_NO_IRQCHIP, Protocol.REFUSAL_SECCOMP, 99}) {
            final ShimLine shim = new ShimLine(1, Protocol.SHIM_QEMU_KVM, Protocol.VERSION, Protocol.INSTRUCTION_OUT, Protocol.KICK_SLICES, 8,
                Protocol.LINK_UP, 1_000_000, refusal, Protocol.PARK_FUTEX);
            assertTrue(shim.refusalText().length() > 20, shim::refusalText);
            assertEquals("QEMU KVM, slices of 1000 us", shim.text());
        }
    }
}
