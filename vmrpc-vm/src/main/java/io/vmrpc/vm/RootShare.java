package io.vmrpc.vm;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** How the guest gets the host's root, read-only. */
enum RootShare {
    /** QEMU itself serves it, and refuses every write. */
    NINE_P("9p", "trans=virtio,version=9p2000.L,cache=loose,msize=262144,ro", List.of("9pnet_virtio", "9p")),
    /** virtiofsd serves it, in a mount namespace in which everything is read-only; it needs root. For kernels without 9p. */
    VIRTIOFS("virtiofs", "ro", List.of("virtiofs"));

    private static final List<String> DEVICES = List.of("virtio_pci", "virtio_console", "virtio_net");

    final String type;
    final String options;
    private final List<String> modules;

    RootShare(String type, String options, List<String> modules) {
        this.type = type;
        this.options = options;
        this.modules = modules;
    }

    static RootShare of(KernelPackage kernel) throws IOException {
        return KernelModules.has(kernel, "9p") || !KernelModules.has(kernel, "virtiofs") ? NINE_P : VIRTIOFS;
    }

    /** {@return all modules that a guest with this root needs} */
    List<String> modules() {
        return Stream.concat(DEVICES.stream(), modules.stream()).toList();
    }
}
