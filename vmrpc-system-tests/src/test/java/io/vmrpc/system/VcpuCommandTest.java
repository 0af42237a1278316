package io.vmrpc.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vmrpc.cli.Main;
import io.vmrpc.host.qmp.QmpClient;
import io.vmrpc.host.vcpu.VcpuThread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./vmrpc vcpu} as a service manager runs it: in the foreground, ended by a signal, by SIGKILL, or by QEMU's end. */
@Timeout(120)
class VcpuCommandTest {
    private static final int WATCHDOG_SECONDS = 40;

    @TempDir Path folder;

    /** The command, with its error output in a file. */
    private Process command(String... arguments) throws IOException {
        List<String> words = new ArrayList<>(JavaCommand.of(System.getProperty("java.home"), Main.class, "vcpu"));
        words.addAll(List.of(arguments));
        return new ProcessBuilder(words).redirectInput(Path.of("/dev/null").toFile()).redirectErrorStream(true).redirectOutput(output().toFile()).start();
    }

    private Path output() {
        return folder.resolve("output");
    }

    private Process holding(TinyQemu qemu) throws Exception {
        Process process = command("--qmp", qemu.socket().toString(), "--vcpu", "0", "--priority", "33", "--cpus", "0");
        await(process, "holding this");
        return process;
    }

    private void await(Process process, String text) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WATCHDOG_SECONDS);
        while (!Files.readString(output()).contains(text)) {
            assertTrue(process.isAlive() && System.nanoTime() - deadline < 0, "no '" + text + "' in: " + Files.readString(output()));
            Thread.sleep(20);
        }
    }

    private static void awaitState(ThreadState state, int pid, int tid) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WATCHDOG_SECONDS);
        while (!ThreadState.of(pid, tid).equals(state) && System.nanoTime() - deadline < 0) {
            Thread.sleep(10);
        }
        assertEquals(state, ThreadState.of(pid, tid));
    }

    private int exitOf(Process process) throws Exception {
        assertTrue(process.waitFor(WATCHDOG_SECONDS, TimeUnit.SECONDS), "still there: " + Files.readString(output()));
        return process.exitValue();
    }

    @Test
    void aSignalUndoesAllAndTheStatusIsSuccess() throws Exception {
        try (TinyQemu qemu = TinyQemu.start(folder, "-S")) {
            VcpuThread vcpu = qemu.vcpu(0);
            ThreadState before = ThreadState.of(qemu.pid(), vcpu.tid());
            Process process = holding(qemu);
            assertEquals(ThreadState.fifo(33), ThreadState.of(qemu.pid(), vcpu.tid()).scheduling());
            QmpClient.connect(qemu.socket(), Duration.ofSeconds(10)).close(); // the monitor is free for others meanwhile
            process.destroy();
            assertEquals(0, exitOf(process), Files.readString(output()));
            assertEquals(before, ThreadState.of(qemu.pid(), vcpu.tid()));
        }
    }

    @Test
    void killedItUndoesAllAsWell() throws Exception {
        try (TinyQemu qemu = TinyQemu.start(folder, "-S")) {
            VcpuThread vcpu = qemu.vcpu(0);
            ThreadState before = ThreadState.of(qemu.pid(), vcpu.tid());
            holding(qemu).destroyForcibly().waitFor();
            awaitState(before, qemu.pid(), vcpu.tid());
        }
    }

    @Test
    void qemusEndEndsItWithSuccess() throws Exception {
        TinyQemu qemu = TinyQemu.start(folder, "-S");
        Process process = holding(qemu);
        qemu.close();
        assertEquals(0, exitOf(process), Files.readString(output()));
        assertTrue(Files.readString(output()).endsWith("vmrpc: vCPU 0 has ended\n"), Files.readString(output()));
    }

    @Test
    void withoutItsGuardNothingStaysRealTimeAndTheStatusIsFailure() throws Exception {
        try (TinyQemu qemu = TinyQemu.start(folder, "-S")) {
            VcpuThread vcpu = qemu.vcpu(0);
            ThreadState before = ThreadState.of(qemu.pid(), vcpu.tid());
            Process process = holding(qemu);
            ProcessHandle undo = process.children().findFirst().orElseThrow();
            undo.children().findFirst().orElseThrow().destroyForcibly();
            awaitState(before, qemu.pid(), vcpu.tid());
            assertEquals(1, exitOf(process));
            assertTrue(Files.readString(output()).contains("is not real-time any more: start this anew"), Files.readString(output()));
        }
    }

    @Test
    void itWaitsForQemu() throws Exception {
        Process process = command("--qmp", folder.resolve("qmp").toString(), "--vcpu", "0", "--wait", "30");
        Thread.sleep(1500); // a JVM is up by then, or finds the socket at its first look
        assertTrue(process.isAlive(), Files.readString(output()));
        try (TinyQemu qemu = TinyQemu.start(folder, "-S")) {
            await(process, "of QEMU " + qemu.pid());
            process.destroy();
            assertEquals(0, exitOf(process));
        }
    }

    private void refused(int status, String sentence, String... arguments) throws Exception {
        assertEquals(status, exitOf(command(arguments)));
        String said = Files.readString(output());
        assertTrue(said.contains(sentence) && said.lines().count() == 1, "expected one line with '" + sentence + "', got: " + said);
    }

    @Test
    void aGuardWithoutRealTimeIsRefused() throws Exception {
        assumeTrue(TestGroup.has("cpu", "cpu.rt_runtime_us"), "this kernel has no RT_GROUP_SCHED with cgroup v1");
        try (TestGroup group = new TestGroup("cpu"); TinyQemu qemu = TinyQemu.start(folder, "-S")) {
            VcpuThread vcpu = qemu.vcpu(0);
            ThreadState before = ThreadState.of(qemu.pid(), vcpu.tid());
            List<String> words = new ArrayList<>(List.of("sh", "-c", "echo $$ >" + TestGroup.ROOT.resolve("cpu" + group.path()).resolve("cgroup.procs") +
                    " && exec \"$@\"", "sh"));
            words.addAll(JavaCommand.of(System.getProperty("java.home"), Main.class, "vcpu", "--qmp", qemu.socket().toString(), "--vcpu", "0"));
            Process process = new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(output().toFile()).start();
            assertEquals(1, exitOf(process));
            String said = Files.readString(output());
            assertTrue(said.contains("of the guard failed with Operation not permitted: ") && said.lines().count() == 1, said);
            assertEquals(before, ThreadState.of(qemu.pid(), vcpu.tid()));
        }
    }

    @Test
    void refusalsAreOneSentence() throws Exception {
        try (TinyQemu qemu = TinyQemu.start(folder, "-S", "-smp", "2")) {
            String socket = qemu.socket().toString();
            refused(1, "vCPU 2 does not exist: this VM has vCPUs 0 to 1", "--qmp", socket, "--vcpu", "2");
            refused(2, "--priority 100: give 1 to 99", "--qmp", socket, "--vcpu", "0", "--priority", "100");
            refused(2, "--share 0: give 10 to 95, or none", "--qmp", socket, "--vcpu", "0", "--share", "0");
            refused(2, "--share half: give 10 to 95, or none", "--qmp", socket, "--vcpu", "0", "--share", "half");
            refused(2, "--priority 99 leaves none for the guard", "--qmp", socket, "--vcpu", "0", "--priority", "99");
            refused(1, "this host has", "--qmp", socket, "--vcpu", "0", "--cpus", "4000");
            refused(1, "does not exist: start QEMU with -qmp", "--qmp", socket + "x", "--vcpu", "0");
            try (QmpClient other = QmpClient.connect(qemu.socket(), Duration.ofSeconds(10))) {
                refused(1, "another client holds it", "--qmp", socket, "--vcpu", "0");
                assertTrue(other.execute("query-status").has("status"));
            }
        }
        refused(1, "cannot be used (Connection refused)", "--qmp", folder.resolve("qmp").toString(), "--vcpu", "0");
    }
}
