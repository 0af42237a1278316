package io.vmrpc.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.error.ConnectException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IvshmemDeviceTest {
    @TempDir
    Path sysfs;

    private Path device(final String address, final String vendor, final String device) throws IOException {
        final Path folder = Files.createDirectory(sysfs.resolve(address));
        Files.writeString(folder.resolve("vendor"), vendor + "\n");
        Files.writeString(folder.resolve("device"), device + "\n");
        return Files.createFile(folder.resolve("resource2"));
    }

    private void assertFails(final String text) {
        final ConnectException e = assertThrows(ConnectException.class, () -> new GuestContext().sysfs(sysfs).regionPath());
        assertTrue(e.getMessage().contains(text), e.getMessage());
    }

    @Test
    void findsTheOnlyOneAmongOtherDevices() throws IOException {
        device("0000:00:01.0", "0x8086", "0x1110");
        device("0000:00:02.0", "0x1af4", "0x1000");
        Files.createDirectory(sysfs.resolve("0000:00:03.0"));
        final Path resource = device("0000:00:04.0", "0x1af4", "0x1110");
        assertEquals(resource, new GuestContext().sysfs(sysfs).regionPath());
        assertTrue(new GuestContext().isDevice(resource));
    }

    @Test
    void saysHowToStartTheVmIfThereIsNone() throws IOException {
        device("0000:00:01.0", "0x8086", "0x1110");
        assertFails("-device ivshmem-plain");
    }

    @Test
    void noSysfsIsNoDevice() {
        sysfs = sysfs.resolve("absent");
        assertFails("no ivshmem device");
    }

    @Test
    void namesThemIfThereAreSeveral() throws IOException {
        device("0000:00:04.0", "0x1af4", "0x1110");
        device("0000:00:05.0", "0x1af4", "0x1110");
        assertFails("2 ivshmem devices");
        assertFails("0000:00:05.0");
    }

    @Test
    void saysThatThePermissionIsMissing() throws IOException {
        Files.delete(device("0000:00:04.0", "0x1af4", "0x1110")); // as lockdown and a missing permission look, also to root
        assertFails("run as root");
    }
}
