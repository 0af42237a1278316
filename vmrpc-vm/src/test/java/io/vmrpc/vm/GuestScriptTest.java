package io.vmrpc.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class GuestScriptTest {
    /** Runs the settings in a real shell, as the guest's init does. */
    private static String run(VmConfig config, String then, Path folder) throws IOException, InterruptedException {
        Path script = folder.resolve("run.conf");
        Files.writeString(script, GuestScript.of(config, RootShare.NINE_P, new EndMark("mark"), TapAddresses.numbered(0)));
        Process shell = new ProcessBuilder("sh", "-c", ". \"$0\"; " + then, script.toString()).redirectErrorStream(true).start();
        String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(shell.waitFor(10, TimeUnit.SECONDS));
        return output;
    }

    @Test
    void everyWordArrivesAsItIs(@TempDir Path folder) throws Exception {
        String odd = "a 'b' \"c\" $HOME `id` \\ \n*\té";
        VmConfig config = VmConfig.builder().workingFolder(folder).environment("ODD", odd)
                .command(List.of("sh", "-c", "printf '%s|' \"$@\" \"$ODD\" \"$PWD\" \"$VMRPC_HOST_ADDRESS\"", "x", odd, "", "-n")).build();
        assertEquals(odd + "||-n|" + odd + "|" + folder + "|10.213.0.1|", run(config, "sh -c \"$COMMAND\"", folder));
    }

    @Test
    void foldersBelowAHiddenOneAreShared(@TempDir Path folder) throws Exception {
        VmConfig config = VmConfig.builder().command(List.of("true")).workingFolder(Path.of("/tmp/a b/c")).share(Path.of("/tmp/a b"))
                .share(Path.of("/home/x")).share(Path.of("/run/y")).build();
        assertEquals("</run/y>\n</tmp/a b>\n", run(config, "f() { echo \"<$1>\"; }; for_each_shared f", folder));
    }

    @Test
    void aHiddenFolderItselfIsNotShared() {
        VmConfig config = VmConfig.builder().command(List.of("true")).workingFolder(Path.of("/tmp")).share(Path.of("/tmp/x")).build();
        assertEquals(List.of(Path.of("/tmp/x")), GuestScript.shared(config));
    }
}
