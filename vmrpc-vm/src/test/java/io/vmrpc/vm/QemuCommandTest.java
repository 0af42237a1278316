package io.vmrpc.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QemuCommandTest {
    private static final KernelPackage KERNEL = new KernelPackage(Path.of("/k/vmlinuz"), "6.1", Optional.empty());

    private static List<String> words(VmConfig.Builder builder, Path shim) throws IOException {
        VmConfig config = builder.command(List.of("true")).build();
        try (RunFolder folder = RunFolder.create(List.of())) {
            return QemuCommand.of(config, KERNEL, folder, List.of("control", "stdout"), TapAddresses.numbered(300), shim);
        }
    }

    @Test
    void theRootIsReadOnlyAndThePortsAreNumbered() throws IOException {
        List<String> words = words(VmConfig.builder(), null);
        assertTrue(words.contains("local,id=root,path=/,security_model=none,readonly=on,multidevs=remap"), words.toString());
        assertTrue(words.contains("virtserialport,nr=2,chardev=stdout,name=stdout"), words.toString());
        assertTrue(words.contains("tap,id=net,ifname=vmrpc300,script=no,downscript=no"), words.toString());
        assertTrue(words.stream().noneMatch(word -> word.contains("ivshmem")), words.toString());
    }

    @Test
    void aRegionGoesToTheDeviceAndToTheShim(@TempDir Path folder) throws IOException {
        Path region = Files.write(folder.resolve("a,b"), new byte[4096]);
        List<String> words = words(VmConfig.builder().region(region), Path.of("/s/shim.so"));
        String escaped = region.toString().replace(",", ",,");
        assertTrue(words.contains("memory-backend-file,id=vmrpc,share=on,mem-path=" + escaped + ",size=4096"), words.toString());
        assertTrue(words.contains("file=/s/shim.so,region=" + escaped), words.toString());
    }

    @Test
    void aRegionThatIsNoPowerOfTwoIsRefused(@TempDir Path folder) throws IOException {
        Path region = Files.write(folder.resolve("odd"), new byte[5000]);
        VmException error = assertThrows(VmException.class, () -> words(VmConfig.builder().region(region), Path.of("/s")));
        assertEquals("region " + region + " has 5000 bytes; a PCI BAR needs a power of two", error.getMessage());
    }

    @Test
    void addressPairsDoNotOverlap() {
        assertEquals(new TapAddresses("vmrpc0", "10.213.0.1", "10.213.0.2"), TapAddresses.numbered(0));
        assertEquals(new TapAddresses("vmrpc64", "10.213.1.1", "10.213.1.2"), TapAddresses.numbered(64));
    }
}
