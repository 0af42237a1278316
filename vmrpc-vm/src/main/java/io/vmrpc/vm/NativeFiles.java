package io.vmrpc.vm;

import io.vmrpc.natives.NativeProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Programs and libraries of the vmrpc-native jar, copied into a run's folder since neither exec nor dlopen read a jar. */
final class NativeFiles {
    static final String SUPERVISOR = "vmrpc-supervise";
    static final String TCG_SHIM = "libvmrpc-qemu-tcg.so";
    static final String KVM_PROBE = "vmrpc-kvm-probe";
    static final String KVM_SHIM = "libvmrpc-qemu-kvm.so";
    static final String GUEST_MULTIBOOT = "vmrpc-guest-multiboot.elf";
    static final String GUEST_BOOT_SECTOR = "vmrpc-guest-boot.img";
    static final String GUEST_ROM = "vmrpc-guest-rom.bin";

    private NativeFiles() {}

    /**
     * @return an executable copy in the folder
     * @throws VmException if the build holds no such file, or it cannot be written
     */
    static Path extract(String name, Path folder) throws IOException {
        Path target = folder.resolve(name);
        if (Files.exists(target)) {
            return target;
        }
        try {
            return NativeProgram.extract(name, folder);
        } catch (IOException e) {
            throw new VmException(e.getMessage(), e);
        }
    }
}
