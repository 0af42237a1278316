package io.vmrpc.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FreestandingConfigTest {
    @Test
    void aCopyDiffersInWhatWasAsked() {
        FreestandingConfig config = FreestandingConfig.of("hello").accelerator(Accelerator.KVM).park(ParkMode.FUTEX).region(Path.of("/r")).vcpus(2)
                .image(FreestandingConfig.Image.MULTIBOOT).shim(QemuShim.Kind.NONE).environment(Map.of("VMRPC_SLICE_US", "500"))
                .arguments(List.of("-sandbox", "on"));
        assertEquals(new FreestandingConfig("hello", FreestandingConfig.Image.MULTIBOOT, Accelerator.KVM, ParkMode.FUTEX, QemuShim.Kind.NONE, Path.of("/r"), 2,
                Map.of("VMRPC_SLICE_US", "500"), List.of("-sandbox", "on")), config);
    }

    @Test
    void wrongValuesAreRefused() {
        assertEquals("vcpus=0: give 1 to 64", assertThrows(IllegalArgumentException.class, () -> FreestandingConfig.of("").vcpus(0)).getMessage());
        assertEquals("the job has 1001 characters; the guest reads 1000",
                assertThrows(IllegalArgumentException.class, () -> FreestandingConfig.of("x".repeat(1001))).getMessage());
    }

    @Test
    void eachImageHasItsOption() {
        assertEquals(List.of("-kernel", "/i"), FreestandingConfig.Image.MULTIBOOT.arguments(Path.of("/i")));
        assertEquals(List.of("-bios", "/i"), FreestandingConfig.Image.ROM.arguments(Path.of("/i")));
        assertEquals(List.of("-drive", "file=/a,,b,format=raw,if=ide"), FreestandingConfig.Image.BOOT_SECTOR.arguments(Path.of("/a,b")));
    }
}
