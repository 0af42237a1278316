package io.vmrpc.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vmrpc.cli.Main;
import io.vmrpc.vm.QemuShim;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./vmrpc doctor} in a guest and on its host, where all is well and where it is not. */
@Timeout(240)
class DoctorTest {
    private static final String COMMAND = JavaCommand.line(System.getProperty("java.home"), Main.class, "doctor", "--json");

    @TempDir
    Path folder;

    @Test
    void aPreparedGuestWithAParkedVcpuHasNoProblemAndNeitherHasItsHost() throws Exception {
        Path region = TestAgent.region("doctor");
        try (TestAgent agent = new TestAgent(region); GuestVm vm = GuestVm.start(region)) {
            GuestProcess program = vm.connect();
            program.send("park 20000 breathing");
            program.await("parking", 60);
            JsonNode guest = inGuest(vm, 0);
            assertEquals("guest", guest.get("role").asText());
            assertEquals(0, guest.get("counts").get("problem").asInt(), guest::toPrettyString);
            for (String check : List.of("kernel", "isolation", "tick", "rcu-callbacks", "interrupts", "rt-throttling", "clocksource", "rt-privilege",
                    "locked-memory", "shim", "agent", "protocol")) {
                assertEquals("ok", finding(guest, check).get("level").asText(), guest::toPrettyString);
            }
            assertTrue(finding(guest, "shim").get("found").asText().startsWith("QEMU TCG, kick hook, NOP"), guest::toPrettyString);
            System.out.println("DoctorTest: load time in the guest: " + finding(guest, "load-time").get("found").asText());

            JsonNode host = onHost("--region", region.toString());
            assertEquals("host", host.get("role").asText());
            assertTrue(finding(host, "qemu-shim").get("found").asText().contains("libvmrpc-qemu-tcg.so"), host::toPrettyString);
            assertTrue(finding(host, "shim").get("found").asText().startsWith("QEMU TCG, kick hook, NOP"), host::toPrettyString);
            assertEquals("warning", finding(host, "qemu-vcpus").get("level").asText(), host::toPrettyString);
            program.await("done", 60); // doctor took no role away and ended no park
            assertEquals(1, agent.counters(region).sessions().get());
        }
    }

    @Test
    void whatIsWrongWithAGuestIsFoundWithItsRemedy() throws Exception {
        Path region = TestAgent.region("doctor");
        try (TestAgent agent = new TestAgent(region); GuestVm vm = GuestVm.start(config -> config.region(region).rtCpu(-1).shim(QemuShim.Kind.NONE))) {
            vm.run("echo 950000 >/proc/sys/kernel/sched_rt_runtime_us; echo acpi_pm >/sys/devices/system/clocksource/clocksource0/current_clocksource").awaitExit(20);
            JsonNode guest = inGuest(vm, 1);
            assertProblem(guest, "isolation", "isolcpus=nohz,domain,managed_irq,1");
            assertProblem(guest, "rt-throttling", "sysctl -w kernel.sched_rt_runtime_us=-1");
            assertProblem(guest, "clocksource", "clocksource=tsc");
            assertProblem(guest, "shim", "libvmrpc-qemu-tcg.so");
            assertProblem(onHost("--region", region.toString()), "qemu-shim", "LD_PRELOAD");
            assertEquals(0, agent.counters(region).sessions().get());
        }
    }

    @Test
    void aMonitorTellsWhichThreadRunsTheVcpu() throws Exception {
        Path socket = folder.resolve("qmp");
        Process qemu = new ProcessBuilder("qemu-system-x86_64", "-nodefaults", "-display", "none", "-S", "-accel", "tcg,thread=multi", "-smp", "2",
                "-qmp", "unix:" + socket + ",server=on,wait=off").redirectErrorStream(true).redirectOutput(folder.resolve("qemu.log").toFile()).start();
        try {
            RegionView.await("the monitor's socket", () -> Files.exists(socket));
            JsonNode before = onHost("--qmp", socket.toString(), "--vcpu", "1");
            assertProblem(before, "qemu-vcpus", "--vcpu 1 --priority 80");
            String found = finding(before, "qemu-vcpus").get("found").asText();
            String thread = found.replaceFirst(".*\\(thread ([0-9]+)\\).*", "$1");
            assertEquals(0, new ProcessBuilder("chrt", "-f", "-p", "10", thread).inheritIO().start().waitFor());
            assertTrue(finding(onHost("--qmp", socket.toString(), "--vcpu", "1"), "qemu-vcpus").get("found").asText().contains("SCHED_FIFO 10"));
            assertProblem(onHost("--qmp", socket.toString(), "--vcpu", "2"), "qemu-vcpus", "name one of");
        } finally {
            qemu.destroyForcibly().waitFor();
        }
    }

    private JsonNode inGuest(GuestVm vm, int status) throws Exception {
        GuestProcess doctor = vm.run(COMMAND);
        StringBuilder text = new StringBuilder();
        for (String line = ""; !line.equals("}");) {
            line = doctor.await("", 60).text();
            text.append(line).append('\n');
        }
        assertEquals(status, doctor.awaitExit(20), text::toString);
        return new ObjectMapper().readTree(text.toString());
    }

    private JsonNode onHost(String... arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of("doctor", "--json"));
        words.addAll(List.of(arguments));
        File output = folder.resolve("doctor.json").toFile();
        Process doctor = new ProcessBuilder(JavaCommand.of(System.getProperty("java.home"), Main.class, words.toArray(String[]::new)))
                .redirectOutput(output).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        assertTrue(doctor.waitFor(60, TimeUnit.SECONDS), "doctor hangs");
        String text = Files.readString(output.toPath());
        JsonNode report = new ObjectMapper().readTree(text);
        assertEquals(report.get("level").asText().equals("problem") ? 1 : 0, doctor.exitValue(), text);
        return report;
    }

    private static JsonNode finding(JsonNode report, String check) {
        return StreamSupport.stream(report.get("findings").spliterator(), false).filter(each -> each.get("check").asText().equals(check)).findFirst()
                .orElseThrow(() -> new AssertionError("no " + check + " in " + report.toPrettyString()));
    }

    /** Other VMs of this machine are none of this test's business: on the host each look is at one region or monitor. */
    private static void assertProblem(JsonNode report, String check, String remedy) {
        JsonNode finding = finding(report, check);
        assertEquals("problem", finding.get("level").asText(), finding::toPrettyString);
        assertTrue(finding.get("remedy").asText().contains(remedy), finding::toPrettyString);
    }
}
