package io.vmrpc.vm;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes the cpio format that the kernel reads as initramfs: "newc", documented in the kernel's
 * driver-api/early-userspace/buffer-format. Archives may follow one another; each is padded to a multiple of 512 bytes.
 */
final class CpioArchive {
    private static final int FOLDER = 0040755;
    private static final int PROGRAM = 0100755;
    private static final int DEVICE = 0020600;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 16);
    private int inode;

    CpioArchive folder(String path) {
        return entry(path, FOLDER, new byte[0], 0, 0);
    }

    CpioArchive program(String path, byte[] content) {
        return entry(path, PROGRAM, content, 0, 0);
    }

    CpioArchive characterDevice(String path, int major, int minor) {
        return entry(path, DEVICE, new byte[0], major, minor);
    }

    /** Writes the archive with its trailer. */
    void writeTo(OutputStream target) throws IOException {
        entry("TRAILER!!!", 0, new byte[0], 0, 0);
        pad(512);
        out.writeTo(target);
    }

    private CpioArchive entry(String path, int mode, byte[] content, int major, int minor) {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        String header = String.format("070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X",
                ++inode, mode, 0, 0, 1, 0, content.length, 0, 0, major, minor, name.length + 1, 0);
        out.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(name);
        out.write(0);
        pad(4);
        out.writeBytes(content);
        pad(4);
        return this;
    }

    private void pad(int alignment) {
        while (out.size() % alignment != 0) {
            out.write(0);
        }
    }
}
