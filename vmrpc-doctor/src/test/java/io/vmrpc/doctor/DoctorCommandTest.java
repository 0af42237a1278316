package io.vmrpc.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** The command line, both reports, and one look at the machine that the tests run on. */
@Timeout(60)
class DoctorCommandTest {
    @TempDir
    Path root;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--host --guest|mutually exclusive",
        "--vcpu 1|together with --qmp SOCKET",
        "--qmp /absent --vcpu -2|give a number from 0 on",
        "--qmp /absent|--qmp /absent: No such file or directory",
        "--guest --qmp /absent|leave out --guest",
        "--qmp /absent --vcpu -1|give a number from 0 on",
        "--cpus 1-|--cpus: '1-' is no list of CPUs",
        "--cpus 0,8191|--cpus 0,8191: this machine has CPUs 0",
        "--cpus=|names no CPU",
        "--regoin x|Unknown option",
    })
    void wrongUsageIsSaidInOneSentence(String arguments, String reason) {
        StringWriter errors = new StringWriter();
        CommandLine line = new CommandLine(new DoctorCommand()).setErr(new PrintWriter(errors));
        assertEquals(CommandLine.ExitCode.USAGE, line.execute(arguments.split(" ")));
        assertTrue(errors.toString().lines().findFirst().orElse("").contains(reason), errors::toString);
    }

    @Test
    void jsonHasTheDocumentedShape() throws Exception {
        Report report = Report.of(FakeTree.guest(root).file("proc/sys/kernel/sched_rt_runtime_us", "950000").machine());
        JsonNode json = new ObjectMapper().readTree(JsonReport.of(report));
        assertEquals("guest", json.get("role").asText());
        assertEquals("6.1.0-56-rt-amd64", json.get("kernel").asText());
        assertEquals("problem", json.get("level").asText());
        assertEquals(1, json.get("counts").get("problem").asInt());
        assertEquals(report.lines().size(), json.get("findings").size());
        for (JsonNode finding : json.get("findings")) {
            assertTrue(List.of("ok", "warning", "problem").contains(finding.get("level").asText()), finding::toString);
            assertFalse(finding.get("check").asText().isEmpty() || finding.get("found").asText().isEmpty(), finding::toString);
            assertEquals(finding.get("level").asText().equals("ok"), finding.get("remedy").isNull(), finding::toString);
        }
    }

    @Test
    void terminalLinesAreAlignedAndColouredOnRequest() {
        Report report = Report.of(FakeTree.guest(root).file("proc/sys/kernel/sched_rt_runtime_us", "950000").machine());
        List<String> lines = print(report, Ansi.OFF).lines().toList();
        assertEquals("VMRPC doctor: this machine as guest, Linux 6.1.0-56-rt-amd64", lines.get(0));
        int at = lines.get(1).indexOf("6.1.0-56");
        assertTrue(lines.contains("ok       tick            none on CPU 1"), lines::toString);
        int problem = lines.indexOf(lines.stream().filter(line -> line.startsWith("problem  rt-throttling   the guest kernel throttles")).findFirst().orElseThrow());
        assertEquals("> sysctl -w kernel.sched_rt_runtime_us=-1", lines.get(problem + 1).strip());
        assertEquals(at, lines.get(problem + 1).indexOf('>'));
        assertTrue(lines.get(lines.size() - 1).endsWith("0 warnings, 1 problem"), lines::toString);
        assertTrue(print(report, Ansi.ON).contains("\u001b[1m\u001b[31mproblem"), print(report, Ansi.ON));
    }

    private static String print(Report report, Ansi ansi) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TerminalReport.print(report, new PrintStream(bytes, true, StandardCharsets.UTF_8), ansi);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void thisMachineIsLookedAtInOneGo() {
        Report report = Report.of(new Machine(new KernelTree(Path.of("/")), Programs.REAL, Machine.Target.ANY));
        System.out.print(print(report, Ansi.OFF));
        assertTrue(report.lines().stream().anyMatch(line -> line.check().equals("kernel") && line.finding().found().startsWith(System.getProperty("os.version"))));
        assertFalse(report.lines().stream().anyMatch(line -> line.finding().found().contains("Exception")));
    }

    @Test
    void optionsOfARunningQemuAreReadInEveryNotation() {
        RunningQemu plain = qemu("-device", "ivshmem-plain,memdev=r", "-object", "memory-backend-file,id=r,mem-path=/a,,b,share=on", "-name", "guest=x,debug-threads=on");
        assertEquals("/a,b", plain.region().orElseThrow());
        assertEquals("QEMU 7 (x)", plain.name());
        RunningQemu json = qemu("-device", "{\"driver\":\"ivshmem-plain\",\"memdev\":\"r\"}", "-object", "{\"qom-type\":\"memory-backend-file\",\"id\":\"r\",\"mem-path\":\"/c\"}");
        assertEquals("/c", json.region().orElseThrow());
        assertEquals("/d", new RunningQemu(7, List.of("qemu-system-x86_64"), List.of("VMRPC_REGION=/d")).region().orElseThrow());
        assertTrue(qemu("-object", "memory-backend-file,id=ram,mem-path=/hugepages").region().isEmpty());
    }

    private static RunningQemu qemu(String... words) {
        List<String> line = new java.util.ArrayList<>(List.of("qemu-system-x86_64"));
        line.addAll(List.of(words));
        return new RunningQemu(7, line, List.of());
    }
}
