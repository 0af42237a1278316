package io.vmrpc.system;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.vm.Accelerator;
import io.vmrpc.vm.GuestShell;
import io.vmrpc.vm.VmConfig;
import io.vmrpc.vm.VmException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Commands of a guest's shell, one after the other in one boot. */
@Timeout(120)
class GuestShellTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final BlockingQueue<String> others = new LinkedBlockingQueue<>();
    private static GuestShell shell;

    private static VmConfig.Builder guest() {
        return VmConfig.builder().memory("1G").accelerator(Accelerator.TCG);
    }

    @BeforeAll
    static void boot() throws IOException, InterruptedException {
        shell = GuestShell.start(guest(), others::add);
    }

    @AfterAll
    static void powerOff() {
        shell.close();
    }

    @Test
    void outputAndStatusComeBackAsTheyAre() throws Exception {
        for (final String output : List.of("", "no line end", "one\n", "\n", "\n\ntwo\n\n", "it's \"quoted\" $HOME `date` \\n %s\n")) {
            assertEquals(new GuestShell.Result(output, 0), shell.run("printf %s '" + output.replace("'", "'\\''") + "'", LONG));
        }
        assertEquals(new GuestShell.Result("to the errors\n", 7), shell.run("echo to the errors >&2; exit 7", LONG));
        assertEquals(2, shell.run("if", LONG).status(), "a command that is no command does not end the shell");
        assertEquals("", shell.output("cat", LONG), "there is no input");
    }

    @Test
    void whatFailsIsSaid() throws Exception {
        final String failure = assertThrows(VmException.class, () -> shell.output("echo the reason; exit 3", LONG)).getMessage();
        assertTrue(failure.contains("exit 3") && failure.contains("failed (3): the reason"), failure);
        assertThrows(VmException.class, () -> shell.read("/tmp/absent", LONG));
    }

    @Test
    void aCommandThatTakesLongerIsGivenUpAndTheNextOneWaitsForItsEnd() throws Exception {
        final String failure = assertThrows(VmException.class, () -> shell.run("echo begun; sleep 3", Duration.ofSeconds(1))).getMessage();
        assertTrue(failure.contains("did not end in time") && failure.contains("begun"), failure);
        assertEquals("after it\n", shell.output("echo after it", LONG));
    }

    @Test
    void filesGoInAndOut() throws Exception {
        final byte[] content = new byte[200_000];
        new Random(7).nextBytes(content);
        shell.write("/tmp/a file", content, LONG);
        assertArrayEquals(content, shell.read("/tmp/a file", LONG));
        shell.write("/tmp/a file", new byte[0], LONG);
        assertEquals(0, shell.read("/tmp/a file", LONG).length);
    }

    @Test
    void linesOfNoCommandGoToTheListener() throws Exception {
        shell.type("echo typed");
        assertEquals("typed", others.poll(30, TimeUnit.SECONDS));
    }

    @Test
    void theGuestsEndEndsAWait() throws Exception {
        try (GuestShell other = GuestShell.start(guest(), line -> { })) {
            final String failure = assertThrows(VmException.class, () -> other.run("kill -9 $PPID", LONG)).getMessage();
            assertTrue(failure.contains("kill -9 $PPID ended together with the guest's shell"), failure);
        }
    }
}
