package io.vmrpc.guest;

import io.vmrpc.error.ConnectException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Finds the region's PCI device in sysfs. */
public final class IvshmemDevice {
    private static final String VENDOR = "0x1af4";
    private static final String DEVICE = "0x1110";

    private IvshmemDevice() {
    }

    /**
     * The device's memory.
     *
     * @param sysfs {@code /sys/bus/pci/devices}, or a test's.
     * @return its {@code resource2}.
     * @throws ConnectException if there is none, are several, or it may not be written; the message says what to do.
     */
    public static Path find(final Path sysfs) {
        final List<Path> found = list(sysfs);
        if (found.isEmpty()) {
            throw new ConnectException("this machine has no ivshmem device (PCI 1af4:1110): start the VM with " +
                "-object memory-backend-file,share=on,... -device ivshmem-plain,..., or name a region file for loopback");
        }
        if (found.size() > 1) {
            throw new ConnectException("this machine has " + found.size() + " ivshmem devices " + found + ": name the right one's resource2");
        }
        final Path resource = found.get(0).resolve("resource2");
        if (!Files.isWritable(resource)) {
            throw new ConnectException("no permission to write " + resource +
                ": run as root; with Secure Boot, lockdown forbids it and must be off in this guest");
        }
        return resource;
    }

    /**
     * All such devices.
     *
     * @param sysfs {@code /sys/bus/pci/devices}, or a test's.
     * @return their folders, sorted; empty on a machine without PCI.
     * @throws ConnectException if sysfs cannot be listed.
     */
    public static List<Path> list(final Path sysfs) {
        if (!Files.isDirectory(sysfs)) {
            return List.of();
        }
        try (Stream<Path> devices = Files.list(sysfs)) {
            return devices.filter(device -> VENDOR.equals(id(device, "vendor")) && DEVICE.equals(id(device, "device"))).sorted().toList();
        } catch (final IOException e) {
            throw new ConnectException("cannot list " + sysfs + " (" + e.getMessage() + "): mount sysfs");
        }
    }

    private static String id(final Path device, final String file) {
        try {
            return Files.readString(device.resolve(file)).strip();
        } catch (final IOException e) {
            return "";
        }
    }
}
