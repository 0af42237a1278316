package io.vmrpc.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.vm.VirtualMachine;
import io.vmrpc.vm.VmConfig;
import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** However a run ends, no process, tap device or file is left. */
@Timeout(120)
class VmEndTest {
    private Set<String> before;

    @BeforeEach
    void look() throws IOException {
        before = traces();
    }

    /** Run folders, regions with their sockets, and tap devices; other runs on this machine have theirs too. */
    private static Set<String> traces() throws IOException {
        try (Stream<Path> folders = Files.list(Path.of("/tmp")); Stream<Path> regions = Files.list(Path.of("/dev/shm"));
                Stream<NetworkInterface> interfaces = NetworkInterface.networkInterfaces()) {
            return Stream.concat(Stream.concat(folders, regions).map(Path::toString), interfaces.map(NetworkInterface::getName))
                    .filter(name -> name.matches("/tmp/vmrpc-run-.*|/dev/shm/vmrpc-vm-.*|vmrpc\\d+")).collect(Collectors.toSet());
        }
    }

    private Set<String> newTraces() throws IOException {
        Set<String> now = traces();
        now.removeAll(before);
        return now;
    }

    private void awaitNothingLeft(ProcessHandle... processes) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            Set<String> left = newTraces();
            Stream.of(processes).filter(ProcessHandle::isAlive).forEach(process -> left.add("process " + process.pid()));
            if (left.isEmpty()) {
                return;
            }
            assertTrue(System.nanoTime() - deadline < 0, "left behind: " + left);
            Thread.sleep(20);
        }
    }

    private static Runner startSleeper(Path folder) throws IOException {
        return Runner.start(folder, "run", "--net", "tap", "--", "sh", "-c", "echo ready; sleep 1000");
    }

    @Test
    void killedRunnerLeavesNothing(@TempDir Path folder) throws Exception {
        try (Runner run = startSleeper(folder)) {
            run.awaitOutput("ready");
            ProcessHandle qemu = run.awaitDescendant("qemu-system-x86_64");
            ProcessHandle supervisor = run.awaitDescendant("vmrpc-supervise");
            assertEquals(5, newTraces().size(), "expected two folders, a region, its socket and a tap device, found " + newTraces());
            run.process().destroyForcibly(); // SIGKILL
            awaitNothingLeft(qemu, supervisor);
        }
    }

    @Test
    void terminatedRunnerLeavesNothing(@TempDir Path folder) throws Exception {
        try (Runner run = startSleeper(folder)) {
            ProcessHandle qemu = run.awaitDescendant("qemu-system-x86_64"); // so while it boots
            run.process().destroy(); // SIGTERM
            assertEquals(143, run.waitFor());
            assertFalse(qemu.isAlive(), "QEMU outlived its runner");
            awaitNothingLeft();
        }
    }

    @Test
    void theNextRunSweepsWhatRunnerAndSupervisorCouldNot(@TempDir Path folder) throws Exception {
        Path region = Files.writeString(folder.resolve("region"), "x");
        try (Runner run = startSleeper(folder)) {
            ProcessHandle qemu = run.awaitDescendant("qemu-system-x86_64");
            ProcessHandle supervisor = run.awaitDescendant("vmrpc-supervise");
            run.process().destroyForcibly();
            supervisor.destroyForcibly();
            supervisor.onExit().get(10, TimeUnit.SECONDS);
            qemu.onExit().get(10, TimeUnit.SECONDS); // by its parent-death signal
        }
        VmConfig config = VmConfig.builder().command(List.of("true")).removeAtEnd(region).build();
        try (VirtualMachine machine = VirtualMachine.start(config)) {
            assertEquals(1, newTraces().size(), "only its own folder: " + newTraces());
            assertTrue(machine.pid() > 0);
        }
        awaitNothingLeft();
        assertFalse(Files.exists(region), "removeAtEnd was not honoured");
    }
}
