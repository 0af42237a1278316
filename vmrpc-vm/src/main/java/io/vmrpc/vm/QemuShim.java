package io.vmrpc.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What attaches a region to stock QEMU: the device that shows it to the guest, and the shim that parks the guest's vCPUs.
 *
 * <pre>
 *   TCG   -device ivshmem-plain   -plugin libvmrpc-qemu-tcg.so    LD_PRELOAD of the same file (for kicks)
 *   KVM   -device ivshmem-plain                                   LD_PRELOAD=libvmrpc-qemu-kvm.so VMRPC_REGION=... VMRPC_PARK=...
 * </pre>
 *
 * @param arguments to append to QEMU's
 * @param environment variables that QEMU must have, LD_PRELOAD among them; nobody else should have them
 */
public record QemuShim(List<String> arguments, Map<String, String> environment) {
    /** What serves the region: HOOK lets QEMU's kicks end parks, SLICES (TCG only) does without that, NONE is a device without a shim. */
    public enum Kind { HOOK, SLICES, NONE }

    /** Copies what it is given. */
    public QemuShim {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }

    /** {@return nothing: for a guest without a region} */
    public static QemuShim absent() {
        return new QemuShim(List.of(), Map.of());
    }

    /**
     * Attaches a region, and copies the shim's library into a folder.
     *
     * @param accelerator what executes the guest's code
     * @param kind what serves the region
     * @param park how a vCPU waits; of KVM's shim only
     * @param region its file, made by an agent
     * @param folder for the library; must stay while QEMU runs
     * @return arguments and environment
     * @throws VmException if the accelerator cannot do that, the region is no PCI BAR, or this build has no such shim
     * @throws IOException if the region cannot be read
     */
    public static QemuShim attach(Accelerator accelerator, Kind kind, ParkMode park, Path region, Path folder) throws IOException {
        if (accelerator == Accelerator.KVM && kind == Kind.SLICES) {
            throw new VmException("KVM's shim chooses slices by its park mode: use shim kind HOOK, and park mode FUTEX");
        }
        if (kind == Kind.NONE) {
            return new QemuShim(device(region), Map.of());
        }
        return switch (accelerator) {
            case TCG -> tcg(kind, region, NativeFiles.extract(NativeFiles.TCG_SHIM, folder));
            case KVM -> kvm(park, region, NativeFiles.extract(NativeFiles.KVM_SHIM, folder));
        };
    }

    static QemuShim tcg(Kind kind, Path region, Path library) throws IOException {
        List<String> arguments = new ArrayList<>(device(region));
        arguments.addAll(List.of("-plugin", "file=" + QemuCommand.escape(library) + ",region=" + QemuCommand.escape(region)));
        return new QemuShim(arguments, kind == Kind.HOOK ? Map.of("LD_PRELOAD", library.toString()) : Map.of());
    }

    static QemuShim kvm(ParkMode park, Path region, Path library) throws IOException {
        return new QemuShim(device(region),
                Map.of("LD_PRELOAD", library.toString(), "VMRPC_REGION", region.toAbsolutePath().toString(), "VMRPC_PARK", park.word()));
    }

    private static List<String> device(Path region) throws IOException {
        long size = Files.size(region);
        if (Long.bitCount(size) != 1) {
            throw new VmException("region " + region + " has " + size + " bytes; a PCI BAR needs a power of two");
        }
        return List.of("-object", "memory-backend-file,id=vmrpc,share=on,mem-path=" + QemuCommand.escape(region) + ",size=" + size,
                "-device", "ivshmem-plain,memdev=vmrpc");
    }
}
