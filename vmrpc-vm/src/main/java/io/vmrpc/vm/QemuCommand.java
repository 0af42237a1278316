package io.vmrpc.vm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds QEMU's arguments. Every socket is one on which the runner listens already, so QEMU never waits for it. */
final class QemuCommand {
    static final String PROGRAM = "qemu-system-x86_64";

    private final List<String> words = new ArrayList<>();

    private QemuCommand() {}

    /**
     * @param folder holds the image, and gets the sockets and the console log
     * @param ports names of the virtio-serial ports
     * @param accelerator what executes the guest's code
     * @param shim of the region, if there is one
     */
    static List<String> of(VmConfig config, KernelPackage kernel, RunFolder folder, List<String> ports, @Nullable TapAddresses tap,
            Accelerator accelerator, QemuShim shim) throws IOException {
        QemuCommand command = new QemuCommand();
        RootShare root = RootShare.of(kernel);
        command.machine(config, accelerator, root);
        command.add("-kernel", kernel.image().toString(), "-initrd", folder.file("initramfs").toString());
        command.add("-append", KernelCommandLine.of(config));
        command.add("-serial", "file:" + escape(folder.file("console.log")));
        command.add("-chardev", socket("qmp", folder), "-mon", "chardev=qmp,mode=control");
        command.root(root, folder);
        if (config.exchange() != null) {
            command.add("-fsdev", "local,id=exchange,path=" + escape(config.exchange()) + ",security_model=none",
                    "-device", "virtio-9p-pci,fsdev=exchange,mount_tag=exchange");
        }
        command.ports(ports, folder);
        if (tap != null) {
            command.add("-netdev", "tap,id=net,ifname=" + tap.device() + ",script=no,downscript=no");
            command.add("-device", "virtio-net-pci,netdev=net,romfile=");
        }
        command.words.addAll(shim.arguments());
        return command.words;
    }

    private void machine(VmConfig config, Accelerator accelerator, RootShare root) {
        add(PROGRAM, "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot");
        add("-name", "vmrpc,debug-threads=on"); // thread names: "CPU 1/TCG"
        // virtiofsd reads and writes the guest's memory, so that must be shareable
        boolean shared = root == RootShare.VIRTIOFS;
        if (shared) {
            add("-object", "memory-backend-memfd,id=memory,share=on,size=" + config.memory());
        }
        add("-machine", "q35,vmport=off" + (shared ? ",memory-backend=memory" : ""));
        words.addAll(accelerator.arguments());
        words.addAll(accelerator.fullCpu());
        add("-smp", Integer.toString(config.cpus()), "-m", config.memory());
    }

    private void root(RootShare root, RunFolder folder) {
        switch (root) {
            case NINE_P -> add("-fsdev", "local,id=root,path=/,security_model=none,readonly=on,multidevs=remap",
                    "-device", "virtio-9p-pci,fsdev=root,mount_tag=hostroot");
            case VIRTIOFS -> add("-chardev", "socket,id=root,path=" + escape(folder.file(RootServer.SOCKET)),
                    "-device", "vhost-user-fs-pci,chardev=root,tag=hostroot");
        }
    }

    private void ports(List<String> ports, RunFolder folder) {
        add("-device", "virtio-serial-pci,max_ports=8");
        int number = 1; // port 0 is for consoles
        for (String port : ports) {
            add("-chardev", socket(port, folder), "-device", "virtserialport,nr=" + number++ + ",chardev=" + port + ",name=" + port);
        }
    }

    static String socket(String name, RunFolder folder) {
        return "socket,id=" + name + ",path=" + escape(folder.file(name));
    }

    /** In QEMU's option lists a comma within a value is written twice. */
    static String escape(Path path) {
        return path.toString().replace(",", ",,");
    }

    private void add(String... more) {
        words.addAll(List.of(more));
    }
}
