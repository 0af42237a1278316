package io.vmrpc.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.natives.NativeProgram;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of packaging/ are what libvirt and systemd take, and name what this build makes. Each judge is shown a broken copy, too. */
@Timeout(120)
class PackagingTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final String INSTALLED = "/opt/vmrpc";
    private static final Pattern FILE = Pattern.compile(INSTALLED + "/([\\w./-]+[\\w])");

    @TempDir
    Path folder;

    private record Answer(int status, String output) {}

    @ParameterizedTest
    @ValueSource(strings = {"vmrpc-kvm.xml", "vmrpc-tcg.xml"})
    void libvirtsSchemaAcceptsTheDomain(String name) throws Exception {
        String domain = Files.readString(ROOT.resolve("packaging/libvirt").resolve(name));
        Answer answer = validate(domain);
        assertEquals(0, answer.status(), answer.output());
        for (String[] breakage : new String[][] {{"<vcpu ", "<vcpus "}, {"model type='ivshmem-plain'", "model type='ivshmem-flat'"}, {"qemu:env name", "qemu:env nam"}}) {
            String broken = domain.replace(breakage[0], breakage[1]);
            assertNotEquals(domain, broken, breakage[0]);
            assertNotEquals(0, validate(broken).status(), () -> "the schema takes " + breakage[1]);
        }
    }

    private Answer validate(String domain) throws Exception {
        Path file = Files.writeString(folder.resolve("domain.xml"), domain);
        return run("virt-xml-validate", file.toString(), "domain");
    }

    @ParameterizedTest
    @ValueSource(strings = {"vmrpc-agent@", "vmrpc-vcpu@", "vmrpc-guestd"})
    void systemdAcceptsTheUnit(String name) throws Exception {
        String unit = Files.readString(ROOT.resolve("packaging/systemd").resolve(name + ".service")).replace(INSTALLED + "/vmrpc ", ROOT + "/vmrpc ");
        assertEquals("", verify(name, unit).output());
        for (String[] breakage : new String[][] {{"NoNewPrivileges=", "NoNewPriviliges="}, {"ExecStart=/", "ExecStart=/absent/"}, {"RestartSec=1", "RestartSec=soon"}}) {
            String broken = unit.replace(breakage[0], breakage[1]);
            assertNotEquals(unit, broken, breakage[0]);
            assertTrue(verify(name, broken).output().contains(name), () -> "systemd takes " + breakage[1]);
        }
    }

    /** Systemd only warns of a word that it does not know, with status 0, so what it writes is what counts. */
    private Answer verify(String name, String unit) throws Exception {
        Path file = Files.writeString(folder.resolve(name.replace("@", "@guest1") + ".service"), unit);
        Answer answer = run("systemd-analyze", "verify", "--man=no", file.toString());
        return new Answer(answer.status(), String.join("\n", answer.output().lines().filter(line -> line.contains(name)).toList()));
    }

    @Test
    void whatTheFilesNameIsThere() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT.resolve("packaging"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                for (String named : FILE.matcher(Files.readString(file)).results().map(found -> found.group(1)).toList()) {
                    if (named.endsWith(".so")) {
                        NativeProgram.extract(Path.of(named).getFileName().toString(), folder); // an IOException if this build makes no such library
                    } else if (!named.startsWith("native/target")) {
                        assertTrue(Files.exists(ROOT.resolve(named)), file + " names " + named);
                    }
                }
            }
        }
    }

    private Answer run(String... command) throws IOException, InterruptedException {
        File output = folder.resolve("output").toFile();
        Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).redirectOutput(output).start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), command[0] + " hangs");
        return new Answer(process.exitValue(), Files.readString(output.toPath()));
    }
}
