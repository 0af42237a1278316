package io.vmrpc.system;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.vm.Accelerator;
import io.vmrpc.vm.VirtualMachine;
import io.vmrpc.vm.VmConfig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a command in the guest sees, and what comes back of it. The folders are below /tmp, which the guest gets as a tmpfs. */
@Timeout(120)
class VmRunTest {
    @Test
    void statusAndBothOutputsPassThrough(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("seen by the guest"), "content");
        try (Runner run = Runner.start(folder, "run", "--quiet", "--env", "GREETING=a 'b'", "--", "sh", "-c",
                "cat 'seen by the guest'; echo \" $GREETING $1\"; pwd; echo to-stderr >&2; touch x 2>/dev/null && echo writable; exit 7", "sh", "two words")) {
            assertEquals(7, run.waitFor());
            assertEquals("content a 'b' two words\n" + folder + "\n", run.output());
            assertEquals("to-stderr\n", run.errors());
        }
    }

    @Test
    void aMegabyteOnEachOutputArrivesUnmangled(@TempDir Path folder) throws Exception {
        byte[] bytes = new byte[1 << 20];
        new Random(7).nextBytes(bytes);
        Files.write(folder.resolve("bytes"), bytes);
        try (Runner run = Runner.start(folder, "run", "--quiet", "--", "sh", "-c", "cat bytes & cat bytes >&2; wait")) {
            assertEquals(0, run.waitFor());
            assertArrayEquals(bytes, run.outputBytes());
            assertArrayEquals(bytes, run.errorBytes());
        }
    }

    @Test
    void inputReachesTheCommandAndEnds() throws Exception {
        byte[] input = new byte[300_000];
        new Random(8).nextBytes(input);
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        VmConfig config = VmConfig.builder().command(List.of("cat")).stdin(new ByteArrayInputStream(input)).stdout(output).build();
        try (VirtualMachine machine = VirtualMachine.start(config)) {
            assertEquals(0, machine.waitFor());
        }
        assertArrayEquals(input, output.toByteArray());
    }

    @Test
    void theRealTimeCpuIsSetApartAndItsThreadIsKnown() throws Exception {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        String show = "cat /sys/devices/system/cpu/isolated /sys/devices/system/cpu/nohz_full /proc/sys/kernel/sched_rt_runtime_us"
                + " /sys/devices/system/clocksource/clocksource0/current_clocksource; ulimit -l; grep -c PREEMPT_RT /proc/version; sleep 100";
        VmConfig config = VmConfig.builder().accelerator(Accelerator.TCG).cpus(3).rtCpu(2).command(List.of("sh", "-c", show)).stdout(output).build();
        try (VirtualMachine machine = VirtualMachine.start(config)) {
            List<Long> vcpus = machine.vcpuThreadIds();
            assertEquals(3, vcpus.size());
            assertTrue(machine.threadIds().containsAll(vcpus));
            Path task = Path.of("/proc", Long.toString(machine.pid()), "task", Long.toString(vcpus.get(2)), "comm");
            assertEquals("CPU 2/TCG", Files.readString(task).strip());
            machine.awaitStarted();
            assertEquals(Optional.empty(), machine.waitFor(Duration.ofSeconds(2)));
            assertEquals("2\n2\n-1\ntsc\nunlimited\n1\n", output.toString(StandardCharsets.UTF_8));
        }
    }
}
