package io.vmrpc.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QemuCommandTest {
    private static final KernelPackage KERNEL = new KernelPackage(Path.of("/k/vmlinuz"), "6.1", Optional.empty());

    private static List<String> words(Accelerator accelerator) throws IOException {
        VmConfig config = VmConfig.builder().command(List.of("true")).build();
        try (RunFolder folder = RunFolder.create(List.of())) {
            return QemuCommand.of(config, KERNEL, folder, List.of("control", "stdout"), TapAddresses.numbered(300), accelerator, QemuShim.absent());
        }
    }

    @Test
    void theRootIsReadOnlyAndThePortsAreNumbered() throws IOException {
        List<String> words = words(Accelerator.TCG);
        assertTrue(words.contains("local,id=root,path=/,security_model=none,readonly=on,multidevs=remap"), words.toString());
        assertTrue(words.contains("virtserialport,nr=2,chardev=stdout,name=stdout"), words.toString());
        assertTrue(words.contains("tap,id=net,ifname=vmrpc300,script=no,downscript=no"), words.toString());
        assertTrue(words.stream().noneMatch(word -> word.contains("ivshmem")), words.toString());
    }

    @Test
    void theAcceleratorBringsItsCpu() throws IOException {
        assertTrue(String.join(" ", words(Accelerator.TCG)).contains(" -accel tcg,thread=multi -cpu max -smp 2 "));
        assertTrue(String.join(" ", words(Accelerator.KVM)).contains(" -accel kvm,kernel-irqchip=on -cpu host,migratable=off -smp 2 "));
    }

    @Test
    void addressPairsDoNotOverlap() {
        assertEquals(new TapAddresses("vmrpc0", "10.213.0.1", "10.213.0.2"), TapAddresses.numbered(0));
        assertEquals(new TapAddresses("vmrpc64", "10.213.1.1", "10.213.1.2"), TapAddresses.numbered(64));
    }
}
