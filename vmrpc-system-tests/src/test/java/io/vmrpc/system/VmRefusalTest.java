package io.vmrpc.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.vm.KvmProbe;
import io.vmrpc.vm.VirtualMachine;
import io.vmrpc.vm.VmConfig;
import io.vmrpc.vm.VmException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What cannot run is refused in one sentence that says why. */
@Timeout(120)
class VmRefusalTest {
    private static VmConfig.Builder trivial() {
        return VmConfig.builder().command(List.of("true"));
    }

    private static String failure(VmConfig config) throws Exception {
        return assertThrows(VmException.class, () -> {
            try (VirtualMachine machine = VirtualMachine.start(config)) {
                machine.waitFor();
            }
        }).getMessage();
    }

    @Test
    void aWrongOptionIsOneLineAndStatus2(@TempDir Path folder) throws Exception {
        try (Runner run = Runner.start(folder, "run", "--cpus", "2", "--rt-cpu", "5", "--", "true")) {
            assertEquals(2, run.waitFor());
            assertEquals("vmrpc: --rt-cpu 5: the guest has CPUs 0 to 1; give more with --cpus, or --rt-cpu none\n", run.errors());
        }
    }

    @Test
    void aParkModeThatTcgDoesNotHaveIsRefused(@TempDir Path folder) throws Exception {
        try (Runner run = Runner.start(folder, "run", "--accel", "tcg", "--park", "halted", "--", "true")) {
            assertEquals(2, run.waitFor());
            assertEquals("vmrpc: --park halted: TCG has one way to park; leave it out, or use --accel kvm\n", run.errors());
        }
    }

    /** Where KVM can run Linux the guest boots instead. */
    @Test
    void aKvmThatCannotRunTheGuestIsOneSentence(@TempDir Path folder) throws Exception {
        Optional<String> obstacle = KvmProbe.run().obstacle();
        try (Runner run = Runner.start(folder, "run", "--accel", "kvm", "--quiet", "--", "true")) {
            assertEquals(obstacle.isPresent() ? 125 : 0, run.waitFor(), run.errors());
            if (obstacle.isPresent()) {
                assertTrue(run.errors().startsWith("vmrpc: --accel kvm: /dev/kvm "), run.errors());
                assertTrue(run.errors().endsWith("; use --accel tcg, or a host whose KVM can\n"), run.errors());
            }
        }
    }

    @Test
    void anUnknownOptionIsOneLineAndStatus2(@TempDir Path folder) throws Exception {
        try (Runner run = Runner.start(folder, "run", "--cpu", "2", "--", "true")) {
            assertEquals(2, run.waitFor());
            assertEquals("vmrpc: Unknown option: '--cpu'; ./vmrpc vm run --help lists what there is\n", run.errors());
        }
    }

    @Test
    void aMissingCommandInTheGuestHasTheShellsStatus(@TempDir Path folder) throws Exception {
        try (Runner run = Runner.start(folder, "run", "--quiet", "--", "/no/such/program")) {
            assertEquals(127, run.waitFor());
            assertTrue(run.errors().contains("/no/such/program"), run.errors());
        }
    }

    @Test
    void qemuThatDoesNotStartIsQuoted() throws Exception {
        String message = failure(trivial().memory("9000000G").build());
        assertTrue(message.startsWith("QEMU did not start: "), message);
        assertTrue(message.contains("qemu-system-x86_64"), message);
    }

    @Test
    void aPanicIsNamedAndShown() throws Exception {
        String message = failure(trivial().kernelOptions("rdinit=/nowhere root=/dev/none").build());
        assertTrue(message.startsWith("the guest kernel panicked: VFS: Unable to mount root"), message);
        assertTrue(message.contains("the guest's console ends with:\n"), message);
    }

    @Test
    void aFolderThatTheHostDoesNotHaveIsNamed() throws Exception {
        String message = failure(trivial().share(Path.of("/tmp/no-such-folder")).build());
        assertTrue(message.startsWith("the guest could not be set up: the host has no folder /tmp/no-such-folder"), message);
    }
}
