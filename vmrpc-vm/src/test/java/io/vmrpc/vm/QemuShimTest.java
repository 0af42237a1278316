package io.vmrpc.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QemuShimTest {
    private static final Path LIBRARY = Path.of("/s,1/shim.so");

    @TempDir private Path folder;
    private Path region;
    private List<String> device;

    @BeforeEach
    void makeRegion() throws IOException {
        region = Files.write(folder.resolve("a,b"), new byte[4096]);
        device = List.of("-object", "memory-backend-file,id=vmrpc,share=on,mem-path=" + folder + "/a,,b,size=4096", "-device", "ivshmem-plain,memdev=vmrpc");
    }

    @Test
    void tcgHasAPluginAndForKicksAPreload() throws IOException {
        QemuShim shim = QemuShim.tcg(QemuShim.Kind.HOOK, region, LIBRARY);
        assertEquals(device, shim.arguments().subList(0, 4));
        assertEquals(List.of("-plugin", "file=/s,,1/shim.so,region=" + folder + "/a,,b"), shim.arguments().subList(4, 6));
        assertEquals(Map.of("LD_PRELOAD", "/s,1/shim.so"), shim.environment());
        assertEquals(Map.of(), QemuShim.tcg(QemuShim.Kind.SLICES, region, LIBRARY).environment());
    }

    @Test
    void kvmHasAPreloadThatTheEnvironmentConfigures() throws IOException {
        QemuShim shim = QemuShim.kvm(ParkMode.HALTED, region, LIBRARY);
        assertEquals(device, shim.arguments());
        assertEquals(Map.of("LD_PRELOAD", "/s,1/shim.so", "VMRPC_REGION", region.toString(), "VMRPC_PARK", "halted"), shim.environment());
    }

    @Test
    void withoutAShimThereIsTheDeviceOnly() throws IOException {
        for (Accelerator accelerator : Accelerator.values()) {
            assertEquals(new QemuShim(device, Map.of()), QemuShim.attach(accelerator, QemuShim.Kind.NONE, ParkMode.AUTO, region, folder));
        }
    }

    @Test
    void whatCannotBeAttachedIsRefused() throws IOException {
        Path odd = Files.write(folder.resolve("odd"), new byte[5000]);
        assertEquals("region " + odd + " has 5000 bytes; a PCI BAR needs a power of two",
                assertThrows(VmException.class, () -> QemuShim.tcg(QemuShim.Kind.HOOK, odd, LIBRARY)).getMessage());
        String slices = assertThrows(VmException.class,
                () -> QemuShim.attach(Accelerator.KVM, QemuShim.Kind.SLICES, ParkMode.AUTO, region, folder)).getMessage();
        assertEquals("KVM's shim chooses slices by its park mode: use shim kind HOOK, and park mode FUTEX", slices);
    }
}
