package io.vmrpc.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.vm.TapAddresses;
import io.vmrpc.vm.VirtualMachine;
import io.vmrpc.vm.VmConfig;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Network, and the host's root: by 9p in the rt kernel, by virtiofs in the cloud kernel. */
@Timeout(120)
class VmDevicesTest {
    private static final String TRY_TO_WRITE = "mount -o remount,rw / 2>/dev/null; for f in $HOME/vmrpc-written ./written /dev/shm/../../etc/vmrpc-written; do"
            + " touch $f 2>/dev/null && echo wrote $f; done; uname -r; cat here";

    @Test
    void theGuestReachesTheHostOverTheTapDevice() throws Exception {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        // the host's address is on the command's way before the port: the server binds to it once it is there
        String talk = "for i in 1 2 3 4 5 6 7 8 9 10; do echo from $VMRPC_GUEST_ADDRESS | busybox nc $VMRPC_HOST_ADDRESS 45454 && exit 0; sleep 1; done; exit 1";
        VmConfig config = VmConfig.builder().network(VmConfig.Network.TAP).command(List.of("sh", "-c", talk)).stdout(output).build();
        try (VirtualMachine machine = VirtualMachine.start(config)) {
            TapAddresses tap = machine.tap().orElseThrow();
            try (ServerSocket server = new ServerSocket(45454, 1, InetAddress.getByName(tap.host()))) {
                server.setSoTimeout(50_000);
                try (Socket guest = server.accept()) {
                    guest.getOutputStream().write("from the host".getBytes(StandardCharsets.US_ASCII));
                    guest.shutdownOutput();
                    assertEquals("from " + tap.guest() + "\n", new String(guest.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
                    assertEquals(tap.guest(), guest.getInetAddress().getHostAddress());
                }
            }
            assertEquals(0, machine.waitFor());
        }
        assertEquals("from the host", output.toString(StandardCharsets.UTF_8));
    }

    @Test
    void theRtKernelCannotWriteToTheHost(@TempDir Path folder) throws Exception {
        cannotWrite("rt", folder);
    }

    @Test
    void theCloudKernelCannotWriteToTheHost(@TempDir Path folder) throws Exception {
        cannotWrite("cloud", folder);
    }

    private static void cannotWrite(String kernel, Path folder) throws Exception {
        Files.writeString(folder.resolve("here"), "seen");
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        VmConfig config = VmConfig.builder().kernel(kernel).workingFolder(folder).command(List.of("sh", "-c", TRY_TO_WRITE)).stdout(output).build();
        try (VirtualMachine machine = VirtualMachine.start(config)) {
            assertEquals(0, machine.waitFor());
        }
        String text = output.toString(StandardCharsets.UTF_8);
        assertFalse(text.contains("wrote"), text);
        assertTrue(text.strip().endsWith("-" + kernel + "-amd64\nseen"), text);
        assertFalse(Files.exists(folder.resolve("written")));
        assertFalse(Files.exists(Path.of("/etc/vmrpc-written")));
    }
}
