package io.vmrpc.vm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CpioArchiveTest {
    @Test
    void anotherImplementationReadsIt(@TempDir Path folder) throws Exception {
        byte[] content = new byte[1001];
        content[1000] = 7;
        Path archive = folder.resolve("archive.cpio");
        Files.write(archive, bytes(new CpioArchive().folder("bin").program("bin/x", content).program("empty", new byte[0])));

        Path target = Files.createDirectory(folder.resolve("out"));
        Process busybox = new ProcessBuilder("busybox", "cpio", "-i").directory(target.toFile()).redirectInput(archive.toFile())
                .redirectErrorStream(true).start();
        String output = new String(busybox.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(busybox.waitFor(10, TimeUnit.SECONDS));
        assertEquals(0, busybox.exitValue(), output);
        assertArrayEquals(content, Files.readAllBytes(target.resolve("bin/x")));
        assertTrue(Files.isExecutable(target.resolve("bin/x")));
        assertEquals(0, Files.size(target.resolve("empty")));
    }

    @Test
    void archivesAlignSoThatTheyMayFollowOneAnother() throws IOException {
        byte[] archive = bytes(new CpioArchive().program("x", new byte[] {1}));
        assertEquals(0, archive.length % 512);
        assertEquals("070701", new String(archive, 0, 6, StandardCharsets.US_ASCII));
    }

    private static byte[] bytes(CpioArchive archive) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        archive.writeTo(out);
        return out.toByteArray();
    }
}
