package io.vmrpc.vm;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/**
 * The guest's first file system: busybox, the kernel modules and {@code init}. It is the same for every run on one kernel and
 * is cached under the hash of what it holds; a run appends a second archive with its own settings.
 */
final class Initramfs {
    private static final Path BUSYBOX = Path.of("/bin/busybox");

    private Initramfs() {}

    /**
     * Writes the image of one run.
     *
     * @param settings the shell variables that {@code init} reads
     * @param target the file to write
     */
    static void write(KernelPackage kernel, String settings, Path target) throws IOException {
        Path common = common(kernel);
        try (OutputStream out = Files.newOutputStream(target)) {
            Files.copy(common, out);
            new CpioArchive().program("run.conf", settings.getBytes(StandardCharsets.UTF_8)).writeTo(out);
        }
    }

    private static Path common(KernelPackage kernel) throws IOException {
        if (!Files.isExecutable(BUSYBOX)) {
            throw new VmException("/bin/busybox is missing; as root run: apt-get install --no-install-recommends busybox-static");
        }
        byte[] busybox = Files.readAllBytes(BUSYBOX);
        byte[] init = resource("init");
        Map<String, byte[]> modules = KernelModules.inLoadingOrder(kernel, RootShare.of(kernel).modules());
        String order = String.join("\n", modules.keySet()) + "\n";

        MessageDigest digest = sha256();
        digest.update(busybox);
        digest.update(init);
        digest.update(order.getBytes(StandardCharsets.UTF_8));
        modules.values().forEach(digest::update);
        Path cached = KernelPackage.cacheFolder().resolve("initramfs").resolve(HexFormat.of().formatHex(digest.digest(), 0, 16) + ".cpio");
        if (!Files.exists(cached)) {
            CpioArchive archive = new CpioArchive().folder("bin").folder("dev").folder("modules").characterDevice("dev/console", 5, 1)
                    .characterDevice("dev/null", 1, 3).program("bin/busybox", busybox).program("init", init)
                    .program("modules/order", order.getBytes(StandardCharsets.UTF_8));
            modules.forEach((name, content) -> archive.program("modules/" + name, content));
            publish(archive, cached);
        }
        return cached;
    }

    /** Two runs may build the same image at once: each writes its own file and renames it, so no reader sees half of one. */
    private static void publish(CpioArchive archive, Path cached) throws IOException {
        Files.createDirectories(cached.getParent());
        Path draft = Files.createTempFile(cached.getParent(), "draft", ".cpio");
        try {
            try (OutputStream out = Files.newOutputStream(draft)) {
                archive.writeTo(out);
            }
            Files.move(draft, cached, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException("cannot rename within " + cached.getParent(), e);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = Initramfs.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("resource " + name + " is missing from the vmrpc-vm jar");
            }
            return in.readAllBytes();
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
