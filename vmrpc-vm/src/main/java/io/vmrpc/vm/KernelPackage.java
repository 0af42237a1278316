package io.vmrpc.vm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A guest kernel: its image, and the folder of its modules if it has any. {@code scripts/setup} unpacks Debian's kernel packages
 * into the user's cache; nothing is installed on the host.
 *
 * @param image a bzImage
 * @param version the release as {@code uname -r} prints it
 * @param modules {@code lib/modules/VERSION}, or empty if none was found: then the drivers must be built in
 */
public record KernelPackage(Path image, String version, Optional<Path> modules) {
    private static final int VERSION_POINTER = 0x20e; // Documentation/arch/x86/boot.rst: field kernel_version
    private static final int MAGIC_OFFSET = 0x202;
    private static final int MAGIC = 0x53726448; // "HdrS"

    /**
     * Finds a kernel.
     *
     * @param kernel {@code rt}, {@code cloud}, or the path of a bzImage
     * @return the kernel
     * @throws VmException if there is none
     */
    public static KernelPackage locate(String kernel) throws IOException {
        if (kernel.equals("rt") || kernel.equals("cloud")) {
            return unpacked(cacheFolder().resolve("kernels").resolve(kernel), kernel);
        }
        Path image = Path.of(kernel).toAbsolutePath().normalize();
        if (!Files.isReadable(image) || Files.isDirectory(image)) {
            throw new VmException("--kernel " + kernel + ": no such readable file; give rt, cloud or the path of a bzImage");
        }
        return of(image);
    }

    /** {@return the folder for what can be fetched or built again: kernels and initramfs images} */
    static Path cacheFolder() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base = cache == null || cache.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return base.resolve("vmrpc");
    }

    private static KernelPackage unpacked(Path folder, String kernel) throws IOException {
        if (!Files.exists(folder.resolve("ready"))) {
            throw new VmException("the guest kernel is not there yet: run scripts/setup --kernel " + kernel + " vm");
        }
        try (Stream<Path> files = Files.list(folder.resolve("boot"))) {
            Path image = files.filter(file -> file.getFileName().toString().startsWith("vmlinuz-")).findFirst()
                    .orElseThrow(() -> new VmException(folder + " holds no kernel: remove that folder and run scripts/setup again"));
            return of(image);
        }
    }

    private static KernelPackage of(Path image) throws IOException {
        String version = versionOf(image);
        Path beside = Path.of("lib", "modules", version);
        Optional<Path> modules = Stream.of(image.resolve("../..").normalize().resolve(beside), Path.of("/").resolve(beside))
                .filter(Files::isDirectory).findFirst();
        return new KernelPackage(image, version, modules);
    }

    private static String versionOf(Path image) throws IOException {
        ByteBuffer setup = ByteBuffer.allocate(32768).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel file = FileChannel.open(image)) {
            while (setup.hasRemaining() && file.read(setup) >= 0) {
                // a short read is no end
            }
        }
        int length = setup.position();
        int start = length < VERSION_POINTER + 2 || setup.getInt(MAGIC_OFFSET) != MAGIC
                ? length : (setup.getShort(VERSION_POINTER) & 0xffff) + 512;
        if (start >= length) {
            throw new VmException("--kernel " + image + ": not an x86 bzImage; give the vmlinuz file of a kernel package");
        }
        int end = start;
        while (end < length && setup.get(end) > ' ') {
            end++;
        }
        return new String(Arrays.copyOfRange(setup.array(), start, end), StandardCharsets.US_ASCII);
    }
}
